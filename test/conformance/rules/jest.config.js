/** The rules and alerts in promtool, which evaluates them as Prometheus does. Run by `npm run test:conformance:rules`. */
module.exports = {
  rootDir: "../../..",
  roots: ["<rootDir>/test/conformance/rules"],
  testMatch: ["**/*.conformance.ts"],
  transform: {
    "\\.sql$": "<rootDir>/test/support/sql-transform.js",
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  globalSetup: "<rootDir>/test/conformance/rules/setup.ts",
  testTimeout: 120_000,
};
