import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Parses and re-writes what a synth wrote, in a process of its own: the least that any program could take. */
const [from = "cdktf.out", to = "rewritten"] = process.argv.slice(2);
for (const stack of readdirSync(join(from, "stacks"))) {
  const json: unknown = JSON.parse(readFileSync(join(from, "stacks", stack, "cdk.tf.json"), "utf8"));
  writeFileSync(join(to, `${stack}.json`), JSON.stringify(json, null, 2));
}
