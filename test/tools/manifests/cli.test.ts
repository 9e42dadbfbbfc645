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

  test("exits 1 on a tenant that is not there, and names the nearest", () => {
    expect(run(["--tenant", "acne", "--out", output()])).toEqual({
      stdout: "",
      stderr: 'no object of a tenant "acne" (did you mean "acme"?)\n',
      exitCode: 1,
    });
  });

  test.each([[["--tenants", "acme"]], [["--tenant"]], [["acme-corp"]]])("exits 2 on wrong usage: %s", (args) => {
    const { stderr, exitCode } = run(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Usage: npm run manifests");
  });
});
