/** The acceptance criteria on a real mesh, which the set-up starts once. Run by `npm run test:conformance:mesh`, as root. */
module.exports = {
  rootDir: "../../..",
  roots: ["<rootDir>/test/conformance/mesh"],
  testMatch: ["**/*.test.ts"],
  testEnvironment: "<rootDir>/test/conformance/mesh/environment.ts",
  transform: {
    "\\.sql$": "<rootDir>/test/support/sql-transform.js",
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  globalSetup: "<rootDir>/test/conformance/mesh/setup.ts",
  globalTeardown: "<rootDir>/test/conformance/mesh/teardown.ts",
  testTimeout: 120_000,
};
