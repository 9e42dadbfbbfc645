import { readFileSync } from "node:fs";

/** Lets a process of the bench import a `.sql` file as its text, as esbuild's text loader does in the bundle. */
require.extensions[".sql"] = (module, file) => {
  module.exports = { __esModule: true, default: readFileSync(file, "utf8") };
};
