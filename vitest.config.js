import { defineConfig } from 'vitest/config';
import { schemaValidator } from './scripts/schema-validator.js';

export default defineConfig({
  plugins: [schemaValidator()],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build.ts',
    testTimeout: 180_000,
    pool: 'forks',
  },
});
