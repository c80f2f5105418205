const swc = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

export default {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  watchman: false,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  maxWorkers: 2,
  // What the files before have left in a worker's memory goes with it.
  workerIdleMemoryLimit: '1GB',
  // For a machine that is busy with other things; no test is about time.
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/setup/start.mjs',
  globalTeardown: '<rootDir>/test/setup/stop.mjs',
  testSequencer: '<rootDir>/test/sequencer.mjs',
  reporters: ['default', '<rootDir>/test/reporter.mjs'],
};
