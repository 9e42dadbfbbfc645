/** Unit tests: Node alone, no cluster, no cloud, no network. `test/conformance` has a configuration of its own. */
module.exports = {
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/test/conformance/"],
  // `npm test` runs Node with --experimental-vm-modules: PGlite is loaded by a dynamic import.
  transform: {
    "\\.sql$": "<rootDir>/test/support/sql-transform.js",
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  setupFiles: ["<rootDir>/test/support/setup.ts"],
};
