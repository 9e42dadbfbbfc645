import { exportManifests } from "../../../tools/manifests/export";
import type { JsonObject } from "../../../tools/manifests/json";
import { namespace, removeOutputs, writeOutput } from "./fixture";

afterEach(removeOutputs);

const policy = {
  apiVersion: "security.istio.io/v1",
  kind: "AuthorizationPolicy",
  metadata: { name: "deny", namespace: "tenant-acme" },
  spec: { action: "DENY", rules: [{ from: [{ source: { notNamespaces: ["tenant-acme"] } }] }] },
};
const gateway = { apiVersion: "networking.istio.io/v1", kind: "Gateway", metadata: { name: "main" } };
const issuer = { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer", metadata: { name: "ca" } };

const stacks: Readonly<Record<string, JsonObject>> = {
  "tenants-01": {
    resource: {
      kubernetes_namespace_v1: {
        acme_namespace_1: namespace("tenant-acme", { "taskflow.io/tenant": "acme" }),
        "acme-two_namespace_1": namespace("tenant-acme-two", { "taskflow.io/tenant": "acme-two" }),
      },
      kubernetes_manifest: { acme_deny_2: { manifest: policy } },
      kubernetes_config_map_v1: { acme_dashboard_3: { metadata: { name: "acme", namespace: "observability" } } },
      kubernetes_labels: { extra: { labels: { a: "b" } } },
      kubernetes_secret_v1: { key: { metadata: { name: "key" }, data_wo: { key: "${ephemeral.a.b.c}" } } },
      aws_iam_role: { acme_role_4: { name: "acme" } },
    },
  },
  mesh: {
    resource: {
      aws_lb: { main: { name: "taskflow" } },
      helm_release: {
        istiod: { repository: "https://charts.example", values: ['{"manifests":[{"kind":"never"}]}'] },
        objects: {
          chart: "${path.module}/assets/manifests",
          namespace: "istio-ingress",
          values: [
            JSON.stringify({ manifests: [{ kind: "overridden" }] }),
            JSON.stringify({ manifests: [issuer, { ...gateway, spec: { host: "${aws_lb.main.dns_name}" } }] }),
          ],
        },
      },
    },
  },
};

describe("exportManifests", () => {
  test("gives every object with its stack and address, in a stable order", () => {
    const all = exportManifests(writeOutput(stacks));
    expect(all.map(({ stack, address, object }) => `${stack} ${address} ${object.kind}`)).toEqual([
      "mesh helm_release.objects ClusterIssuer",
      "mesh helm_release.objects Gateway",
      "tenants-01 kubernetes_config_map_v1.acme_dashboard_3 ConfigMap",
      "tenants-01 kubernetes_manifest.acme_deny_2 AuthorizationPolicy",
      "tenants-01 kubernetes_namespace_v1.acme-two_namespace_1 Namespace",
      "tenants-01 kubernetes_namespace_v1.acme_namespace_1 Namespace",
    ]);
  });

  test("leaves a manifest as it is written", () => {
    const [manifest] = exportManifests(
      writeOutput({ a: { resource: { kubernetes_manifest: { x: { manifest: policy } } } } }),
    );
    expect(manifest?.object).toEqual(policy);
  });

  test("puts a release's objects into its namespace, unless they are cluster-wide", () => {
    const [first, second] = exportManifests(writeOutput(stacks), { stack: "mesh" });
    expect(first?.object.metadata).toEqual({ name: "ca" });
    expect(second?.object.metadata).toEqual({ name: "main", namespace: "istio-ingress" });
    expect(second?.object["spec"]).toEqual({ host: "known-after-apply" });
  });

  test("finds a tenant's objects by label, by namespace and by address, and no other tenant's", () => {
    const names = exportManifests(writeOutput(stacks), { tenant: "acme" }).map(({ address }) => address);
    expect(names).toEqual([
      "kubernetes_config_map_v1.acme_dashboard_3",
      "kubernetes_manifest.acme_deny_2",
      "kubernetes_namespace_v1.acme_namespace_1",
    ]);
  });

  test("names the nearest tenant when there is none of that id", () => {
    expect(() => exportManifests(writeOutput(stacks), { tenant: "amce" })).toThrow(
      'no object of a tenant "amce" (did you mean "acme"?)',
    );
  });

  test("lists the stacks when there is none of that name", () => {
    expect(() => exportManifests(writeOutput(stacks), { stack: "mash" })).toThrow(
      'no stack "mash"; there are: mesh, tenants-01',
    );
  });

  test("says what to do when nothing was synthesized", () => {
    expect(() => exportManifests("/nowhere")).toThrow(
      '/nowhere/manifest.json does not exist: run "npm run synth" first, or name the folder with --out',
    );
  });

  test("refuses a manifest that is no Kubernetes object, by its address", () => {
    const broken = { a: { resource: { kubernetes_manifest: { x: { manifest: { kind: "Gateway" } } } } } };
    expect(() => exportManifests(writeOutput(broken))).toThrow(
      "a: kubernetes_manifest.x.manifest: expected a Kubernetes object with apiVersion, kind and metadata",
    );
  });
});
