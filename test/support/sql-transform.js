/** Turns a `.sql` file into a module that exports its text, as esbuild's text loader does in the bundle. */
module.exports = {
  process: (text) => ({
    code: `Object.defineProperty(exports, "__esModule", { value: true });\nexports.default = ${JSON.stringify(text)};`,
  }),
};
