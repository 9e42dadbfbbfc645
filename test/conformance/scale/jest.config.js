/** A fleet of 500 tenants in a real API server and istiod. Run by `npm run test:conformance:scale`, as root. */
module.exports = {
  rootDir: "../../..",
  roots: ["<rootDir>/test/conformance/scale"],
  testMatch: ["**/*.test.ts"],
  testEnvironment: "<rootDir>/test/conformance/environment.ts",
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  globalSetup: "<rootDir>/test/conformance/scale/setup.ts",
  globalTeardown: "<rootDir>/test/conformance/scale/teardown.ts",
  testTimeout: 120_000,
};
