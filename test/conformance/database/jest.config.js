/** Tests on a real PostgreSQL and PgBouncer, which each file starts for itself. Run by `npm run test:conformance:database`. */
module.exports = {
  rootDir: "../../..",
  roots: ["<rootDir>/test/conformance/database"],
  testMatch: ["**/*.conformance.ts", "**/*.test.ts"],
  testEnvironment: "<rootDir>/test/conformance/environment.ts",
  transform: {
    "\\.sql$": "<rootDir>/test/support/sql-transform.js",
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  globalSetup: "<rootDir>/test/conformance/database/setup.ts",
  globalTeardown: "<rootDir>/test/conformance/database/teardown.ts",
  testTimeout: 60_000,
};
