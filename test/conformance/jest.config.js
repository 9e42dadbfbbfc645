/** What a real API server says: the set-up builds and starts one. Run by `npm run test:conformance:objects`. */
module.exports = {
  rootDir: "../..",
  roots: ["<rootDir>/test/conformance"],
  // The folders below have engines of their own, and a configuration each.
  testMatch: ["<rootDir>/test/conformance/*.conformance.ts"],
  testEnvironment: "<rootDir>/test/conformance/environment.ts",
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  globalSetup: "<rootDir>/test/conformance/setup.ts",
  globalTeardown: "<rootDir>/test/conformance/teardown.ts",
  testTimeout: 60_000,
};
