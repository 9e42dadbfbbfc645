import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { generateRows, tenantsJson } from "../test/support/fleet";
import type { Provisioning } from "./provisioning";

/** Runs of the small fleet; the fastest counts, since anything else only makes a run slower. */
const RUNS = 3;

/** What the tenants' database is allowed: 500 tenants by 8 workers in a minute; one in a tenth of a second. */
const FLEET_LIMIT_SECONDS = 60;
const TENANT_LIMIT_SECONDS = 0.1;

interface Measure {
  /** Wall time, seconds. */
  readonly seconds: number;
  /** Peak resident memory, MB. */
  readonly megabytes: number;
}

/** Seconds that commands over 500 tenants may take. */
const COMMAND_LIMIT_SECONDS = { check: 1, isolation: 10, limits: 1, cost: 1 } as const;

/** What a command may take of a synth's time: both sides, the base from the cache. */
const CHANGED_LIMIT_SYNTHS = 2;

/** Runs a script of this folder with the app's own loader; `/usr/bin/time` is not everywhere, so the child tells its peak. */
function measure(script: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Measure {
  return run(["--import", "tsx", join(__dirname, script), ...args], environment);
}

/** Runs a command of taskflow, as `npx taskflow` does once npm has found it. */
function measureCommand(...args: readonly string[]): Measure {
  return run([join(__dirname, "../tools/bin/taskflow.js"), ...args], {});
}

function run(args: readonly string[], environment: Readonly<Record<string, string>>): Measure {
  const report = "process.on('exit',()=>process.stderr.write('maxrss '+process.resourceUsage().maxRSS))";
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ["--import", `data:text/javascript,${report}`, ...args], {
    env: { ...process.env, ...environment },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const [, peak] = /maxrss (\d+)$/.exec(stderr) ?? [];
  if (status !== 0 || peak === undefined) {
    throw new Error(`${args.join(" ")}: ${stderr}`);
  }
  return { seconds, megabytes: Number(peak) / 1_024 };
}

function best(runs: readonly Measure[]): Measure {
  return {
    seconds: Math.min(...runs.map((run) => run.seconds)),
    megabytes: Math.max(...runs.map((run) => run.megabytes)),
  };
}

/** Resources, and bytes of Terraform JSON, below an output folder. */
function size(outdir: string): { readonly resources: number; readonly bytes: number; readonly largest: number } {
  const stacks = readdirSync(join(outdir, "stacks")).map((stack) => {
    const text = readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
    const json = JSON.parse(text) as { resource?: Record<string, object> };
    const resources = Object.values(json.resource ?? {}).reduce((sum, byId) => sum + Object.keys(byId).length, 0);
    return { bytes: Buffer.byteLength(text), resources };
  });
  return {
    resources: stacks.reduce((sum, stack) => sum + stack.resources, 0),
    bytes: stacks.reduce((sum, stack) => sum + stack.bytes, 0),
    largest: Math.max(...stacks.map((stack) => stack.resources)),
  };
}

function line(name: string, { seconds, megabytes }: Measure, ratio: string): string {
  return `${name.padEnd(44)} ${seconds.toFixed(2).padStart(8)} s ${megabytes.toFixed(0).padStart(6)} MB  ${ratio}`;
}

function times(one: Measure, other: Measure): string {
  return `${(one.seconds / other.seconds).toFixed(1)}×`;
}

/** The commands that people wait for, over the small fleet; one run each. */
function benchCommands(folder: string, out: string, synth: Measure): void {
  const rows = generateRows(500);
  const write = (name: string, more: readonly string[]): string => {
    const file = join(folder, name);
    const added = more.map((id) => ({ id, name: id, tier: "starter" as const }));
    writeFileSync(file, tenantsJson([...rows, ...added]));
    return file;
  };
  const tenants = write("fleet.json", []);
  const grown = write("grown.json", ["lotus-care"]);
  console.log("commands over 500 tenants; one run each");
  for (const [name, args] of [
    ["check", ["--tenants", tenants]],
    ["isolation", ["--out", out, "--tenants", tenants]],
    ["limits", ["--tenants", tenants]],
    ["cost", ["--tenants", tenants]],
  ] as const) {
    const found = measureCommand(name, ...args);
    const limit = COMMAND_LIMIT_SECONDS[name];
    console.log(line(name, found, `${(found.seconds / limit).toFixed(2)}× the limit of ${limit} s`));
  }
  const changed = measureCommand("changed", "--tenants", grown, "--against", out);
  console.log(
    line("changed, with a cached base", changed, `${times(changed, synth)} a synth; limit ${CHANGED_LIMIT_SYNTHS}×`),
  );
}

function benchProvisioning(folder: string): void {
  const file = join(folder, "provisioning.json");
  const { megabytes } = measure("provisioning.ts", ["500", "8", file]);
  const found = JSON.parse(readFileSync(file, "utf8")) as Provisioning;
  if (found.missing !== undefined) {
    console.log(`provisioning is not measured, for want of PostgreSQL: ${found.missing}`);
    return;
  }
  const share = (seconds: number, limit: number): string => `${(seconds / limit).toFixed(2)}× the limit of ${limit} s`;
  const { version, fleetSeconds, tenantSeconds, roundTrips } = found;
  console.log(`PostgreSQL ${version} with tenants' roles and schemas; one run`);
  const fleet = { seconds: fleetSeconds, megabytes };
  console.log(line("500 tenants, 8 workers", fleet, share(fleetSeconds, FLEET_LIMIT_SECONDS)));
  const single = { seconds: tenantSeconds, megabytes };
  const trips = `${roundTrips} round trips`;
  console.log(line("one tenant more", single, `${share(tenantSeconds, TENANT_LIMIT_SECONDS)}, ${trips}`));
}

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-bench-"));
  try {
    const out = join(folder, "500");
    const rewritten = join(folder, "rewritten");
    mkdirSync(rewritten);
    const runs = Array.from({ length: RUNS }, () => ({
      ours: measure("synth.ts", ["500", "20", out]),
      plain: measure("synth.ts", ["500", "20", join(folder, "plain")], { TASKFLOW_PLAIN_SYNTH: "1" }),
      rewrite: measure("rewrite.ts", [out, rewritten]),
    }));
    const ours = best(runs.map((run) => run.ours));
    const plain = best(runs.map((run) => run.plain));
    const rewrite = best(runs.map((run) => run.rewrite));
    const small = size(out);
    console.log(
      `500 tenants, 20 shards: ${small.resources} resources, ${(small.bytes / 1e6).toFixed(1)} MB, ` +
        `largest stack ${small.largest}; fastest of ${RUNS}`,
    );
    console.log(line("synth", ours, "1×"));
    console.log(line("(a) cdktf as it comes", plain, `${times(plain, ours)} ours`));
    console.log(line("(b) parsing and re-writing the same JSON", rewrite, `ours is ${times(ours, rewrite)}`));
    benchCommands(folder, out, ours);

    const large = measure("synth.ts", ["5000", "200", join(folder, "5000")]);
    const { resources, bytes } = size(join(folder, "5000"));
    console.log(`5,000 tenants, 200 shards: ${resources} resources, ${(bytes / 1e6).toFixed(1)} MB; one run`);
    console.log(line("synth", large, `${times(large, ours)} the 500's`));
    benchProvisioning(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main();
