import { spawnSync } from "node:child_process";

/** A test that needs jq: CI's runners have it; so has not every machine that runs the tests. */
export const withJq = spawnSync("jq", ["--version"]).status === 0 ? test : test.skip;
