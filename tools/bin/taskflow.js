#!/usr/bin/env node
// TypeScript as it stands: no build that could be stale.
require("tsx/cjs/api").register();
const { main } = require("../cli/main.ts");

void main(process.argv.slice(2));
