import type { ExportedManifest } from "../../../tools/manifests/object";
import { messages, ROWS, TestFleet } from "./fleet";
import { type Mutation, mutationsOf } from "./mutations";

const fleet = new TestFleet(ROWS);
const policies = fleet.manifests.filter(({ object }) => mutationsOf(object, 0).length > 0);

/** One tenant's policies are spoilt in every way, the others', which the same construct makes, are lost; time is dear. */
function mutations({ object }: ExportedManifest): readonly Mutation[] {
  const { namespace = "" } = object.metadata;
  if (namespace === "tenant-acme") {
    return mutationsOf(object);
  }
  return namespace.startsWith("tenant-") ? mutationsOf(object, 0).slice(0, 2) : mutationsOf(object, 1);
}

function title({ object: { kind, metadata } }: ExportedManifest): string {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

describe("A fleet whose policies are as they should be", () => {
  test("has no findings", () => {
    expect(messages(fleet.judge())).toEqual([]);
  });

  test("has a policy of each kind, each layer and each tenant to spoil", () => {
    expect(policies.map(title)).toEqual(
      expect.arrayContaining([
        "PeerAuthentication istio-system/default",
        "AuthorizationPolicy shared-services/deny-other-namespaces",
        ...ROWS.flatMap(({ id }) => [
          `NetworkPolicy tenant-${id}/default-deny-all`,
          `NetworkPolicy tenant-${id}/allow-platform-egress`,
          `AuthorizationPolicy tenant-${id}/deny-other-tenants`,
          `AuthorizationPolicy tenant-${id}/allow-tenant-and-platform`,
        ]),
      ]),
    );
  });
});

describe("A single policy that is lost, widened, narrowed or moved is found out", () => {
  test.each(policies.map((policy) => [title(policy), policy] as const))("%s", (_, policy) => {
    const unnoticed = mutations(policy).filter(
      ({ object }) => fleet.judgeChanged(policy, object).findings.length === 0,
    );
    expect(unnoticed.map(({ name }) => name)).toEqual([]);
  });
});
