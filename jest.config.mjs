const transform = {
  '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } }],
};
const project = (displayName, folders, extra = {}) => ({
  displayName,
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  testEnvironment: 'node',
  ...extra,
});

/** Unit tests touch nothing; the other projects run real parts, each suite on its own ports and directories. */
export default {
  projects: [
    project('unit', ['unit']),
    project('db', ['db']),
    project('activities', ['activities']),
    project('api', ['api']),
    project('workflows', ['workflows', 'replay']),
    project('integration', ['integration']),
    project('e2e', ['e2e']),
  ],
  testTimeout: 120_000,
};
