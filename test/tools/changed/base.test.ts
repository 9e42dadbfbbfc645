import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { baseOutput } from "../../../tools/changed/base";
import { synthesize } from "../../../tools/changed/synth";
import { commit, removeFolders, temporaryFolder, writeTenants } from "../cli/support";

const ROOT = resolve(__dirname, "../../..");

/** An app that writes down what it was run with. */
const MAIN = `
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
const { CDKTF_OUTDIR: out = "", TASKFLOW_ENV: environment, TASKFLOW_TENANTS: tenants = "" } = process.env;
mkdirSync(out, { recursive: true });
writeFileSync(out + "/run.json", JSON.stringify({ environment, tenants: readFileSync(tenants, "utf8") }));
`;

const cache = process.env["XDG_CACHE_HOME"];
let project: string;

beforeEach(() => {
  process.env["XDG_CACHE_HOME"] = temporaryFolder();
  project = temporaryFolder();
  writeFileSync(join(project, "main.ts"), MAIN);
  writeFileSync(join(project, "package-lock.json"), "{}");
  writeFileSync(join(project, ".gitignore"), "node_modules\n");
  symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"));
});

afterEach(() => {
  if (cache === undefined) {
    delete process.env["XDG_CACHE_HOME"];
  } else {
    process.env["XDG_CACHE_HOME"] = cache;
  }
  removeFolders();
});

function run(output: string): { readonly environment: string; readonly tenants: string } {
  return JSON.parse(readFileSync(join(output, "run.json"), "utf8")) as ReturnType<typeof run>;
}

describe("baseOutput", () => {
  test("synthesizes what the commit holds, not what the working tree does, and keeps it", async () => {
    const tenants = writeTenants(project, ['{ "id": "before" }']);
    commit(project);
    writeTenants(project, ['{ "id": "after" }']);
    writeFileSync(join(project, "main.ts"), "throw new Error('the working tree');");
    const props = { project, ref: "HEAD", environment: "staging", tenants };
    const output = await baseOutput(props);
    expect(run(output)).toMatchObject({
      environment: "staging",
      tenants: expect.stringContaining('"before"') as string,
    });

    writeFileSync(join(output, "kept"), "");
    expect(await baseOutput(props)).toBe(output);
    expect(readdirSync(output)).toContain("kept");
    expect(await baseOutput({ ...props, environment: "production" })).not.toBe(output);
  });

  test("a commit that does not synthesize leaves nothing behind", async () => {
    const tenants = writeTenants(project, []);
    writeFileSync(join(project, "main.ts"), "console.error('no such tier'); process.exitCode = 1;");
    commit(project);
    const failing = baseOutput({ project, ref: "HEAD", environment: "staging", tenants });
    await expect(failing).rejects.toThrow("--base HEAD does not synthesize\nno such tier");
    expect(readdirSync(join(process.env["XDG_CACHE_HOME"] ?? "", "taskflow", "base"))).toEqual([]);
  });

  test("a tenants file outside of the repository has no base there", async () => {
    commit(project);
    const tenants = writeTenants(temporaryFolder(), []);
    await expect(baseOutput({ project, ref: "HEAD", environment: "staging", tenants })).rejects.toThrow(
      `--tenants ${tenants}: outside of the repository, so --base does not know it; use --against`,
    );
  });
});

test("synthesize passes on what the app says when it refuses its input", async () => {
  writeFileSync(join(project, "main.ts"), "console.error('tenants.json:1:1: broken JSON'); process.exitCode = 1;");
  const outdir = join(project, "out");
  await expect(
    synthesize({ project, outdir, environment: "staging", tenants: "none", what: "the working tree" }),
  ).rejects.toThrow("the working tree does not synthesize\ntenants.json:1:1: broken JSON");
});
