import config from '../../jest.config.mjs';

const [unit] = config.projects;

/** Only what tests the recreate rules, for mutation testing. */
export default {
  ...unit,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/unit/create-options/**/*.test.ts'],
};
