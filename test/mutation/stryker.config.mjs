/** Mutation testing of the recreate rules: `npm run mutation`. On two cores it takes about 45 minutes; docs/mutation-survivors.md says what lives and why. */
export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  mutate: ['domain/create-options/**/*.ts'],
  coverageAnalysis: 'perTest',
  jest: { configFile: 'test/mutation/jest.config.mjs', enableFindRelatedTests: false },
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  concurrency: 2,
  timeoutMS: 20_000,
  ignoreStatic: true,
  reporters: ['progress-append-only', 'clear-text', 'json'],
  jsonReporter: { fileName: '.cache/mutation.json' },
  tempDirName: '.cache/stryker',
  allowConsoleColors: false,
};
