import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { run } from "../../../tools/manifests/cli";
import { namespace, removeOutputs, writeOutput } from "./fixture";

afterEach(removeOutputs);

function output(): string {
  const resource = {
    kubernetes_namespace_v1: {
      acme: namespace("tenant-acme", { "taskflow.io/tenant": "acme" }),
      other: namespace("tenant-other", { "taskflow.io/tenant": "other" }),
    },
  };
  return writeOutput({ "tenants-00": { resource } });
}

describe("npm run manifests", () => {
  test("prints each object as a document under a line that says where it comes from", () => {
    const { stdout, exitCode } = run(["--tenant", "acme", "--out", output()]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^---\n# tenants-00: kubernetes_namespace_v1\.acme\napiVersion: v1\n/);
    expect(parseAllDocuments(stdout).map((document) => document.toJS() as unknown)).toEqual([
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "tenant-acme", labels: { "taskflow.io/tenant": "acme" } },
      },
    ]);
  });

  test("prints every tenant when none is named", () => {
    expect(parseAllDocuments(run(["--out", output(), "--stack", "tenants-00"]).stdout)).toHaveLength(2);
  });

  test("prints the objects of one region's cluster: the primary's, or the second's on request", () => {
    const of = (name: string) => ({ resource: { kubernetes_namespace_v1: { it: namespace(name) } } });
    const out = writeOutput({ mesh: of("tokyo"), "dr-mesh": of("virginia") });
    const names = (...args: readonly string[]) =>
      [...run(["--out", out, ...args]).stdout.matchAll(/^ {2}name: (.*)$/gm)].map(([, name]) => name);
    expect(names()).toEqual(["tokyo"]);
    expect(names("--secondary")).toEqual(["virginia"]);
    const written = run(["--out", out, "--secondary", "--write", join(out, "gitops")]).stdout;
    expect(written).toContain("  platform: dr-mesh\n");
  });

  test("exits 2 where the second region is asked for and there is none", () => {
    expect(run(["--secondary", "--out", output()])).toEqual({
      stdout: "",
      stderr: '--secondary: the output has no second region, whose stacks begin with "dr-"\n',
      exitCode: 2,
    });
  });

  test("exits 1 on a tenant that is not there, and names the nearest", () => {
    expect(run(["--tenant", "acne", "--out", output()])).toEqual({
      stdout: "",
      stderr: 'no object of a tenant "acne" (did you mean "acme"?)\n',
      exitCode: 1,
    });
  });

  test("writes a folder, and says what is in it", () => {
    const out = output();
    const folder = join(out, "gitops");
    expect(run(["--out", out, "--write", folder])).toEqual({
      stdout: `2 objects written to ${folder}\n  platform: \n  tenants: acme, other\n`,
      stderr: "",
      exitCode: 0,
    });
    expect(readFileSync(join(folder, "tenants/acme/namespace_tenant-acme.yaml"), "utf8")).toBe(
      run(["--out", out, "--tenant", "acme"]).stdout.slice("---\n".length),
    );
  });

  test("writes nothing while it lacks a value, and takes the values from a file", () => {
    const resource = {
      kubernetes_config_map_v1: { a: { metadata: { name: "${aws_eip.gateway.public_ip}", namespace: "tenant-acme" } } },
      aws_eip: { gateway: {} },
    };
    const out = writeOutput({ edge: { resource } });
    const folder = join(out, "gitops");
    expect(run(["--out", out, "--write", folder])).toMatchObject({
      stderr: "known only after an apply, and not among the values:\n  edge: aws_eip.gateway.public_ip\n",
      exitCode: 1,
    });
    expect(existsSync(folder)).toBe(false);
    const values = join(out, "values.json");
    writeFileSync(values, JSON.stringify({ edge: { "aws_eip.gateway": { public_ip: "192.0.2.1" } } }));
    expect(run(["--out", out, "--values", values, "--write", folder]).exitCode).toBe(0);
    expect(run(["--out", out, "--values", values]).stdout).toContain("name: 192.0.2.1\n");
  });

  test("says which file of values it cannot read", () => {
    const { stderr, exitCode } = run(["--out", output(), "--values", "/nowhere.json"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("/nowhere.json: ");
  });

  test.each([
    [["--tenants", "acme"]],
    [["--tenant"]],
    [["acme-corp"]],
    [["--write", "gitops", "--tenant", "acme"]],
    [["--write", "gitops", "--stack", "mesh"]],
  ])("exits 2 on wrong usage: %s", (args) => {
    const { stderr, exitCode } = run(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Usage: npm run manifests");
  });
});
