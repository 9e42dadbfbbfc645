import { LABELS, NAMESPACES, TIER_NAMES } from "../../../../config";
import { TenantAdmission } from "../../../../constructs/cluster";
import { TENANT_NAMESPACE_LABELS } from "../../../../constructs/cluster/admission/namespaces";
import type { TenantRow } from "../../../../tenancy";
import { onlyResource, synthInCluster } from "../../../support/synth";
import { synthTenant } from "../../../support/tenants";
import { manifestsOf, releaseOf, specOf } from "../../mesh/support";

const POLICY = "ValidatingAdmissionPolicy";

const synth = () =>
  synthInCluster(
    (scope) =>
      new TenantAdmission(scope, "admission", { domain: "example.com", databaseSubnetCidrs: ["10.0.200.0/24"] }),
  );

describe("Brief: OPA/Gatekeeper-style policy, GitOps (admission by ValidatingAdmissionPolicy)", () => {
  const json = synth();
  const objects = manifestsOf(json);
  const policies = objects.filter(({ kind }) => kind === POLICY);
  const names = policies.map(({ metadata }) => metadata.name);

  test("there is a policy for each way out of a tenant's namespace, each with the binding that puts it in force", () => {
    expect(names).toEqual([
      "tenant-namespaces",
      "tenant-pods",
      "tenant-services",
      "tenant-kinds",
      "tenant-virtual-services",
      "tenant-destination-rules",
      "tenant-network-policies",
      "tenant-authorization-policies",
      "tenant-identities",
    ]);
    const bound = objects.filter(({ kind }) => kind === `${POLICY}Binding`);
    expect(bound.map(({ spec }) => (spec as { policyName: string }).policyName)).toEqual(names);
  });

  test("nobody is exempt: no condition asks who the request is from", () => {
    expect(JSON.stringify(objects)).not.toMatch(/userInfo|excludeResourceRules|namespaceSelector":|objectSelector/);
  });

  test("all but those over namespaces and bindings, which have none, are about tenants' namespaces alone", () => {
    for (const name of names.filter((one) => one !== "tenant-namespaces" && one !== "tenant-identities")) {
      expect(specOf(json, POLICY, name).matchConditions).toEqual([
        { name: "tenant-namespace", expression: 'request.namespace.startsWith("tenant-")' },
      ]);
    }
  });

  test("the labels that a namespace must bear are those that the TenantConstruct gives it, in every tier and state", () => {
    const allowed = new Map(Object.entries(TENANT_NAMESPACE_LABELS));
    const seen = new Map([...allowed.keys()].map((label) => [label, new Set<string>()]));
    const rows = TIER_NAMES.flatMap((tier): Partial<TenantRow>[] => [{ tier }, { tier, state: "suspended" }]);
    for (const row of rows) {
      const { labels } = onlyResource(synthTenant(row), "kubernetes_namespace_v1")["metadata"] as {
        labels: Record<string, string>;
      };
      const { [LABELS.tenant]: tenant, ...others } = labels;
      expect(tenant).toBe("acme");
      expect(Object.keys(others).sort()).toEqual([...allowed.keys()].sort());
      for (const [label, value] of Object.entries(others)) {
        expect(allowed.get(label)).toContain(value);
        seen.get(label)?.add(value);
      }
    }
    // And no value more than occurs.
    for (const [label, values] of allowed) {
      expect([...(seen.get(label) ?? [])].sort()).toEqual([...values].sort());
    }
  });

  test("a tenant's host is one of the environment's domain, and its database in the given subnets", () => {
    expect(specOf(json, POLICY, "tenant-virtual-services").variables).toContainEqual({
      name: "host",
      expression: 'request.namespace.substring(7) + ".example.com"',
    });
    const { validations } = specOf(json, POLICY, "tenant-network-policies");
    expect(validations[1].expression).toContain('p.ipBlock.cidr in ["10.0.200.0/24","169.254.170.23/32"]');
  });

  test("stands in kube-system, which is there before any other namespace", () => {
    const release = releaseOf(json, "tenant-admission");
    expect(release["namespace"]).toBe(NAMESPACES.kubeSystem);
    expect(release).not.toHaveProperty("depends_on");
  });
});
