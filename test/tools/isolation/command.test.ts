import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

import type { Terminal } from "../../../tools/cli/terminal";
import { isolationCommand } from "../../../tools/isolation/command";
import { tenantsJson } from "../../support/fleet";
import { synthPlatform } from "../../support/platform";
import { oneLine } from "../cli/support";
import { ROWS } from "./fleet";
import { pod, policy } from "./manifests";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "taskflow-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  process.exitCode = 0;
});

async function run(...args: readonly string[]) {
  const said = { out: "", error: "" };
  const terminal: Terminal = {
    out: (text) => (said.out += text),
    error: (text) => (said.error += text),
    colours: false,
    interactive: false,
  };
  process.exitCode = 0;
  await isolationCommand(terminal).parseAsync([...args], { from: "user" });
  return { ...said, exitCode: process.exitCode };
}

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

describe("taskflow isolation --manifests", () => {
  beforeEach(() => {
    write("pods/a.json", pod("x", "a"));
    write("b.yml", `# A comment\n${pod("x", "b")}\n---\n`);
    write(
      "policies/p.yaml",
      policy("{podSelector: {matchLabels: {app: a}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}"),
    );
    write("notes.txt", "no manifest");
  });

  test("prints every pair with what is allowed and which policies decided", async () => {
    const { out, exitCode } = await run("--manifests", folder, "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toHaveLength(6);
    expect(JSON.parse(out)).toContainEqual({
      from: "x/b[Pod]",
      to: "x/a[Pod]",
      allowed: [{ protocol: "TCP", ports: [[80, 80]] }],
      decidedBy: ["ingress: NetworkPolicy x/p"],
    });
    expect(JSON.parse(out)).toContainEqual({
      from: "0.0.0.0-255.255.255.255",
      to: "x/a[Pod]",
      allowed: [],
      decidedBy: ["ingress: NetworkPolicy x/p"],
    });
  });

  test("leaves out pairs without an allowed connection on request", async () => {
    const { out } = await run("--manifests", folder, "--json", "--allowed-only");
    expect(JSON.parse(out)).toHaveLength(5);
    expect(out).not.toContain('"allowed": []');
  });

  test("prints lines for people", async () => {
    const { out } = await run("--manifests", folder, "--allowed-only");
    expect(out).toContain("x/b[Pod] → x/a[Pod]: TCP 80 (ingress: NetworkPolicy x/p)\n");
    expect(out).toContain("5 pairs, 5 of them with an allowed connection\n");
  });

  test("tells everything that is wrong, with file, line and column, and exits 1", async () => {
    write("policies/wrong.yaml", policy("{ingress: [{ports: [{port: 0}]}]}", "wrong"));
    write("z.yaml", policy("{podSelector: {}}"));
    const { out, error, exitCode } = await run("--manifests", folder, "--json");
    expect(exitCode).toBe(1);
    const at = relative(process.cwd(), folder);
    const { findings } = JSON.parse(out) as { findings: readonly { message: string }[] };
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/z\.yaml:1:\d+: NetworkPolicy x\/p stands twice, first at .*policies\/p\.yaml:1:\d+$/),
      expect.stringContaining(`${at}/policies/wrong.yaml:1:`),
    ]);
    expect(oneLine(error)).toContain("spec.ingress[0].ports[0].port: invalid value 0;");
  });

  test("tells on stderr what it does not judge", async () => {
    write("anp.yaml", "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: n}}");
    const { error, exitCode } = await run("--manifests", folder, "--json");
    expect(error).toMatch(
      /anp\.yaml:1:1: ignored: AdminNetworkPolicy of policy\.networking\.k8s\.io\/v1alpha1 is not evaluated\n$/,
    );
    expect(exitCode).toBe(0);
  });
});

describe("taskflow isolation", () => {
  const output = [...synthPlatform(ROWS)];
  beforeEach(() => {
    for (const [path, text] of output) {
      write(join("out", path), text);
    }
    write("tenants.json", tenantsJson(ROWS));
  });

  const judge = (...args: readonly string[]) =>
    run("--out", join(folder, "out"), "--tenants", join(folder, "tenants.json"), ...args);

  test("tells the layers of all pairs and exits 0 where nothing is wrong", async () => {
    const { out, exitCode } = await judge();
    expect(out).toContain("12 ordered pairs; each is stopped by NetworkPolicy egress, NetworkPolicy ingress,");
    expect(out).toContain("No findings.");
    expect(out.split("\n").filter((line) => line.length > 100)).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test("names the row of the tenant whose layer is lost and exits 1", async () => {
    const shards = output.filter(([, text]) => text.includes("tenant-coda_authorization_allow"));
    for (const [path, text] of shards) {
      write(join("out", path), text.replaceAll('"cluster.local/ns/istio-ingress/sa/istio-ingressgateway"', '"*"'));
    }
    const { out, exitCode } = await judge("--json");
    expect(exitCode).toBe(1);
    const { findings, pairs } = JSON.parse(out) as {
      findings: readonly object[];
      pairs: { layers: object; exceptions: readonly object[] };
    };
    expect(findings).toContainEqual({
      topic: "layer",
      message: "AuthorizationPolicy ALLOW does not keep it apart from any other tenant",
      tenants: ["coda"],
      file: `${relative(process.cwd(), folder)}/tenants.json`,
      line: 21,
      column: 5,
    });
    expect(pairs.layers).toEqual([
      { stoppedBy: expect.arrayContaining(["AuthorizationPolicy ALLOW"]) as unknown, pairs: 9 },
      { stoppedBy: expect.not.arrayContaining(["AuthorizationPolicy ALLOW"]) as unknown, pairs: 3 },
    ]);
    expect(pairs.exceptions).toHaveLength(3);
  });

  test("refuses to judge a second region where there is none", async () => {
    expect(await judge("--secondary")).toEqual({
      out: "",
      error: 'error: --secondary: the output has no second region, whose stacks begin with "dr-"\n',
      exitCode: 2,
    });
  });

  test("lists every pair on request", async () => {
    const { out } = await judge("--json", "--pairs");
    const { pairs } = JSON.parse(out) as { pairs: { list: readonly object[] } };
    expect(pairs.list).toHaveLength(12);
  });
});

describe("A command line that makes no sense exits 2", () => {
  test.each([
    [
      ["--out", "/nowhere"],
      '/nowhere holds no synthesized app: run "npm run synth" first, or name the folder with --out\n',
    ],
    [["--secondary", "--manifests", "."], "--secondary goes without --manifests, which are of one cluster\n"],
    [["--allowed-only"], "--allowed-only goes with --manifests\n"],
    [["--manifests", "/nowhere"], "--manifests /nowhere: no such folder\n"],
    [["--manifests", ".", "--pairs"], "--pairs goes without --manifests, which lists every pair\n"],
  ])("%s", async (args, error) => {
    expect(await run(...args)).toEqual({ out: "", error: `error: ${error}`, exitCode: 2 });
  });
});
