/** The report in a real browser. Run by `npm run test:conformance:report`; needs Chromium, see browser.ts. */
module.exports = {
  rootDir: "../../..",
  roots: ["<rootDir>/test/conformance/report"],
  testMatch: ["**/*.browser.ts"],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  testTimeout: 60_000,
};
