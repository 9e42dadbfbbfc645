import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";

import { type ExportOptions, exportStacks } from "../../../tools/manifests/export";
import { folderOf, writeFolder } from "../../../tools/manifests/folder";
import type { Json, JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import type { SynthesizedStack } from "../../../tools/manifests/output";
import type { TenantRow } from "../../../tenancy";
import { synthPlatform } from "../../support/platform";

const { tenants } = JSON.parse(readFileSync("tenants.json", "utf8")) as { tenants: TenantRow[] };
const values = JSON.parse(readFileSync("docs/examples/values.json", "utf8")) as JsonObject;

const stacks = (): readonly SynthesizedStack[] =>
  [...synthPlatform(tenants)].flatMap(([path, text]) => {
    const [, name] = /^stacks\/([^/]+)\/cdk\.tf\.json$/.exec(path) ?? [];
    return name === undefined ? [] : [{ name, document: JSON.parse(text) as JsonObject }];
  });

function object(kind: string, name: string, more: JsonObject = {}): KubernetesObject {
  return { apiVersion: "v1", kind, metadata: { name, namespace: "tenant-acme" }, ...more };
}

const folderWith = (...objects: KubernetesObject[]) =>
  folderOf(objects.map((one, index) => ({ stack: "tenants-00", address: `a.${index}`, object: one })));

describe("Brief: OPA/Gatekeeper-style policy, GitOps (the folder that tools/manifests writes)", () => {
  const platform = stacks();
  const manifests = exportStacks(platform, { values });
  const files = folderOf(manifests);
  const kustomizations = [...files].filter(([path]) => path.endsWith("/kustomization.yaml"));
  const objects = [...files].filter(([path]) => !path.endsWith("/kustomization.yaml"));
  const parsed = objects.map(([path, text]) => [path, parse(text) as KubernetesObject] as const);

  test("has a folder for each platform stack that holds objects, and for each tenant that has any", () => {
    const folders = [...new Set([...files.keys()].map((path) => dirname(path)))].sort();
    const live = tenants.filter(({ state }) => state !== "offboarding" && state !== "purged");
    expect(folders).toEqual(
      [
        "platform",
        "platform/mesh",
        "platform/observability",
        "tenants",
        ...live.map(({ id }) => `tenants/${id}`),
      ].sort(),
    );
  });

  test("holds every object, each once, and what is in a tenant's folder is the tenant's", () => {
    const keys = (all: readonly KubernetesObject[]) =>
      all.map(({ apiVersion, kind, metadata }) =>
        JSON.stringify([apiVersion, kind, metadata.namespace, metadata.name]),
      );
    expect(keys(parsed.map(([, one]) => one)).sort()).toEqual(keys(manifests.map((one) => one.object)).sort());
    for (const [path, { kind, metadata }] of parsed) {
      const [root = "", name = ""] = path.split("/");
      const namespace = kind === "Namespace" ? metadata.name : metadata.namespace;
      const own = namespace === `tenant-${name}` || metadata.labels?.["taskflow.io/tenant"] === name;
      expect([path, own]).toEqual([path, root === "tenants"]);
    }
  });

  test.each(kustomizations)("%s names all that stands beside it, namespaces first", (path, text) => {
    const folder = dirname(path);
    const { resources } = parse(text) as { resources: string[] };
    const beside = [...files.keys()]
      .filter((other) => other.startsWith(`${folder}/`) && other !== path)
      .map((other) => other.slice(folder.length + 1).split("/")[0] ?? "");
    expect([...resources].sort()).toEqual([...new Set(beside)].sort());
    const ranks = resources.map((name) => (name.startsWith("namespace_") ? 0 : 1));
    expect(ranks).toEqual([...ranks].sort());
  });

  test("is the same to the byte when it is built again", () => {
    expect([...folderOf(exportStacks(stacks(), { values }))]).toEqual([...files]);
  });

  test("holds no Secret and no placeholder", () => {
    expect(parsed.map(([, { kind }]) => kind)).not.toContain("Secret");
    expect([...files.values()].join("")).not.toContain("known-after-apply");
  });

  test("says how many replicas where no autoscaler does, and only there", () => {
    const scaled = new Set(
      parsed
        .filter(([, { kind }]) => kind === "HorizontalPodAutoscaler")
        .map(([, { metadata }]) => `${metadata.namespace ?? ""}/${metadata.name ?? ""}`),
    );
    const deployments = parsed.filter(([, { kind }]) => kind === "Deployment");
    const stated = deployments.filter(([, { spec }]) => "replicas" in (spec as JsonObject));
    expect(scaled.size).toBeGreaterThan(0);
    expect(stated.length).toBeGreaterThan(0);
    for (const [path, { metadata, spec }] of deployments) {
      const autoscaled = scaled.has(`${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
      expect([path, "replicas" in (spec as JsonObject)]).toEqual([path, !autoscaled]);
    }
  });

  test("has Argo CD start pods after everything else", () => {
    const waves = parsed.map(([, { kind, metadata }]) => [
      kind,
      metadata.annotations?.["argocd.argoproj.io/sync-wave"],
    ]);
    const late = waves.filter(([, wave]) => wave !== undefined);
    expect(new Set(late.map(([kind]) => kind))).toEqual(new Set(["Deployment"]));
    expect(late.every(([, wave]) => wave === "1")).toBe(true);
    expect(waves.filter(([kind, wave]) => kind === "Deployment" && wave === undefined)).toEqual([]);
  });

  test("the example's values are what the objects need, no more and no less", () => {
    const leaves = Object.entries(values).flatMap(([stack, resources]) =>
      Object.entries(resources as JsonObject).flatMap(([address, attributes]) =>
        Object.keys(attributes as JsonObject).map((attribute) => ({ stack, address, attribute })),
      ),
    );
    expect(leaves.length).toBeGreaterThan(0);
    for (const { stack, address, attribute } of leaves) {
      const others = Object.fromEntries(
        Object.entries(values[stack] as JsonObject).filter(([name]) => name !== address),
      );
      const options: ExportOptions = { values: { ...values, [stack]: others } };
      expect(() => exportStacks(platform, options)).toThrow(
        `known only after an apply, and not among the values:\n  ${stack}: ${address}.${attribute}`,
      );
    }
  });

  test("the page points Argo CD and Flux at paths that are there", () => {
    const page = readFileSync("docs/gitops.md", "utf8");
    const documents = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].flatMap(([, text = ""]) =>
      text.split(/^---$/m).map((document) => parse(document) as { spec: Record<string, Json> }),
    );
    const paths = JSON.stringify(documents).matchAll(/"path":"(?:\.\/)?([a-z]+)(?:\/\*)?"/g);
    expect([...new Set([...paths].map(([, root]) => root))].sort()).toEqual(["platform", "tenants"]);
  });
});

describe("folderOf", () => {
  test("refuses a Secret by its address", () => {
    expect(() => folderWith(object("Secret", "database"))).toThrow(
      "tenants-00: a.0: a Secret has no place in a repository",
    );
  });

  test("refuses a second object of one file name", () => {
    expect(() => folderWith(object("Gateway", "main"), object("Gateway", "main", { apiVersion: "other/v1" }))).toThrow(
      "tenants/acme/gateway_tenant-acme_main.yaml: two objects; the second is tenants-00: a.1",
    );
  });
});

describe("writeFolder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "taskflow-folder-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const written = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();

  test("replaces what it wrote before, and leaves the rest of the folder alone", () => {
    writeFileSync(join(folder, "README.md"), "");
    writeFolder(folder, folderWith(object("ConfigMap", "a"), object("ConfigMap", "b")));
    writeFolder(folder, folderWith(object("ConfigMap", "b")));
    expect(written()).toEqual([
      "README.md",
      "tenants/acme/configmap_tenant-acme_b.yaml",
      "tenants/acme/kustomization.yaml",
      "tenants/kustomization.yaml",
    ]);
  });

  test("removes nothing that it did not write", () => {
    mkdirSync(join(folder, "tenants"));
    writeFileSync(join(folder, "tenants/precious.txt"), "");
    expect(() => {
      writeFolder(folder, folderWith(object("ConfigMap", "a")));
    }).toThrow(`${folder}/tenants is in the way: it has no kustomization.yaml, so that this command did not write it`);
    expect(written()).toEqual(["tenants/precious.txt"]);
  });
});
