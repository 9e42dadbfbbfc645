/** Tests on real engines: the set-up builds what is missing and starts them. Run by `npm run test:conformance`. */
module.exports = {
  rootDir: "../..",
  roots: ["<rootDir>/test/conformance"],
  testMatch: ["**/*.conformance.ts"],
  // The database's engines are others, and so is their set-up: it has a configuration of its own.
  testPathIgnorePatterns: ["/node_modules/", "/test/conformance/database/"],
  testEnvironment: "<rootDir>/test/conformance/environment.ts",
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  globalSetup: "<rootDir>/test/conformance/setup.ts",
  globalTeardown: "<rootDir>/test/conformance/teardown.ts",
  testTimeout: 60_000,
};
