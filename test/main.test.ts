import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taskflow-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the app as cdktf does. */
function run(environment: Readonly<Record<string, string>>) {
  const outdir = join(folder, "out");
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
    env: { ...process.env, CDKTF_OUTDIR: outdir, ...environment },
    encoding: "utf8",
  });
  return { status, stderr, outdir };
}

describe("main", () => {
  test("writes every stack of the environment and removes what another left", () => {
    const orphan = join(folder, "out", "stacks", "tenants-19");
    mkdirSync(orphan, { recursive: true });
    const { status, stderr, outdir } = run({ TASKFLOW_ENV: "staging" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(existsSync(orphan)).toBe(false);
    expect(readdirSync(join(outdir, "stacks"))).toContain("tenants-01");
  });

  test("gives the same bytes without its short cuts", () => {
    const read = (plain: string): string => {
      const { outdir } = run({ TASKFLOW_ENV: "staging", TASKFLOW_PLAIN_SYNTH: plain });
      return readdirSync(join(outdir, "stacks"))
        .map((stack) => readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"))
        .join("\n");
    };
    expect(read("1")).toBe(read("0"));
  });

  test("an unknown environment ends it with 1 and one line, and nothing is written", () => {
    const { status, stderr, outdir } = run({ TASKFLOW_ENV: "prod" });
    expect(status).toBe(1);
    expect(stderr).toBe('TASKFLOW_ENV: unknown environment "prod"; allowed: production, staging\n');
    expect(existsSync(outdir)).toBe(false);
  });

  test("bad tenants end it with 1 and all their problems, and nothing is written", () => {
    const file = join(folder, "tenants.json");
    writeFileSync(
      file,
      '{ "tenants": [\n  { "id": "acme", "name": "Acme", "tier": "gold" },\n  { "id": "kube-x" }\n] }\n',
    );
    const { status, stderr, outdir } = run({ TASKFLOW_TENANTS: file });
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/tenants\.json:2:43: tenants\[0\]\.tier: unknown value "gold"; allowed: /),
      expect.stringMatching(/tenants\.json:3:3: tenants\[1\]\.name: missing; allowed: /),
      expect.stringMatching(/tenants\.json:3:3: tenants\[1\]\.tier: missing; allowed: /),
    ]);
    expect(existsSync(outdir)).toBe(false);
  });
});
