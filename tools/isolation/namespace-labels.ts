import { LABELS } from "../../config/kubernetes";
import { TIERS } from "../../config/tiers";
import { namespaceName } from "../../tenancy/names";
import type { Finding } from "./findings";
import type { Labels } from "./source";
import type { TenantAccess } from "./tenant-access";

interface ExpectedLabel {
  readonly label: string;
  readonly value: string | undefined;
  /** What goes wrong without it. */
  readonly consequence: string;
}

const POD_SECURITY = "pod-security.kubernetes.io";

/** Compares the labels of a tenant's namespace with what policies, injection and alerts rely on. */
export function checkLabels(namespaces: ReadonlyMap<string, Labels>, tenant: TenantAccess): readonly Finding[] {
  const labels = namespaces.get(namespaceName(tenant.id));
  return expectedLabels(tenant).flatMap(({ label, value, consequence }): Finding[] => {
    const found = labels?.get(label);
    const shown = found === undefined ? "is missing" : `is "${found}"`;
    return found === value
      ? []
      : [
          {
            topic: "labels",
            message: `namespace label ${label} ${shown}; expected: ${label === LABELS.tenant ? "the tenant's id" : `"${String(value)}"`} (${consequence})`,
            tenant: tenant.id,
          },
        ];
  });
}

function expectedLabels({ id, tier, state }: TenantAccess): readonly ExpectedLabel[] {
  const alerts = Object.values(TIERS).find(({ name }) => name === tier)?.alerts;
  return [
    { label: LABELS.tenant, value: id, consequence: "metrics and alerts name another tenant" },
    { label: LABELS.tier, value: tier, consequence: "the tier that its database has" },
    { label: LABELS.state, value: state, consequence: "the state that its database has" },
    { label: LABELS.alerts, value: alerts, consequence: "the tier's alerts go elsewhere" },
    {
      label: LABELS.meshMember,
      value: "enabled",
      consequence: "istiod does not watch the namespace, its policies are void",
    },
    { label: "istio-injection", value: "enabled", consequence: "pods get no sidecar: no mTLS, no AuthorizationPolicy" },
    {
      label: `${POD_SECURITY}/enforce`,
      value: "restricted",
      consequence: "a pod with raw sockets or the host's network goes around policies",
    },
    { label: `${POD_SECURITY}/audit`, value: "restricted", consequence: "a breach is not recorded" },
    { label: `${POD_SECURITY}/warn`, value: "restricted", consequence: "a breach is not told" },
  ];
}
