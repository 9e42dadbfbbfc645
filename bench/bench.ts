import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

/** Runs a script of this folder with the app's own loader; `/usr/bin/time` is not everywhere, so the child tells its peak. */
function measure(script: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Measure {
  const report = "process.on('exit',()=>process.stdout.write(String(process.resourceUsage().maxRSS)))";
  const start = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--import", `data:text/javascript,${report}`, join(__dirname, script), ...args],
    { env: { ...process.env, ...environment }, encoding: "utf8" },
  );
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) {
    throw new Error(`${script}: ${stderr}`);
  }
  return { seconds, megabytes: Number(stdout) / 1_024 };
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
