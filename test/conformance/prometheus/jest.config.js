/** Tests on a real Prometheus and on a stand-in of CloudWatch. Run by `npm run test:conformance:prometheus`. */
module.exports = {
  rootDir: "../../..",
  roots: ["<rootDir>/test/conformance/prometheus"],
  testMatch: ["**/*.conformance.ts", "**/*.test.ts"],
  testEnvironment: "<rootDir>/test/conformance/environment.ts",
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  globalSetup: "<rootDir>/test/conformance/prometheus/setup.ts",
  globalTeardown: "<rootDir>/test/conformance/prometheus/teardown.ts",
  testTimeout: 60_000,
};
