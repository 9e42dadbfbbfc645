import { NAMESPACES } from "../../../config";
import { record } from "../criteria";
import { type Attack, attacksOn, fromLoadBalancer, podOf } from "./attacks";
import { describeOutcome, type Outcome } from "./call";
import { PolicyLayer } from "./policies";
import { theWorld } from "./world";

const world = theWorld();
const attacker = podOf(world, "tenant-acme", "project-service");
const victim = podOf(world, "tenant-bolt", "task-service");

const authorization = new PolicyLayer(world, "AuthorizationPolicy", [victim.namespace, NAMESPACES.istioIngress]);
const network = new PolicyLayer(world, "NetworkPolicy", [
  attacker.namespace,
  victim.namespace,
  NAMESPACES.istioIngress,
]);

/** What is taken away before the attacks. */
const CIRCUMSTANCES = [
  { title: "both layers", lost: [], holds: true },
  { title: "AuthorizationPolicies lost", lost: [authorization], holds: true },
  { title: "NetworkPolicies lost", lost: [network], holds: true },
  { title: "both lost", lost: [authorization, network], holds: false },
  { title: "both layers again", lost: [], holds: true },
] as const;

/** An answer of the victim, whoever passed it on. */
function isAnswered(outcome: Outcome): boolean {
  return outcome.status === 200 && (outcome.body ?? "").includes(`"name":"${victim.namespace}/`);
}

/** The controller rejects, and the kernel tells only so many rejections a second: beyond them a call waits in vain. */
function describeAttack(outcome: Outcome): string {
  return ["ECONNREFUSED", "ETIMEDOUT"].includes(outcome.error ?? "") ? "no connection" : describeOutcome(outcome);
}

let attacks: readonly Attack[] = [];
const seen = new Map<string, Map<string, Outcome>>();

beforeAll(async () => {
  attacks = await attacksOn(world, attacker, victim);
});

afterAll(() => {
  record({
    id: "A1",
    title: "NetworkPolicy blocks traffic between tenants",
    text: [
      `A pod of one tenant (${attacker.namespace}) tries to get an answer from a service of another (${victim.namespace}).`,
      "Every way is refused by each layer alone. With both taken away those ways that need a policy to stop them succeed, which",
      "shows that the attacks are real. Who refuses: `HTTP 502` the attacker's own sidecar, which knows no such service;",
      "`no connection` NetworkPolicy; `ECONNRESET` the service's sidecar, for want of TLS; `HTTP 403` AuthorizationPolicy.",
      "",
      "NetworkPolicies are enforced by kube-router here. With the VPC CNI it is the same once a pod's rules are programmed: in",
      "its `standard` mode a new pod is open for a second or two, and AuthorizationPolicies alone hold meanwhile (its",
      "documentation and its source).",
    ].join("\n"),
    columns: ["attack", ...CIRCUMSTANCES.slice(0, 4).map(({ title }) => title)],
    rows: attacks.map(({ title }) => [
      title,
      ...CIRCUMSTANCES.slice(0, 4).map((circumstance) => {
        const outcome = seen.get(circumstance.title)?.get(title);
        return outcome === undefined ? "not tried" : describeAttack(outcome);
      }),
    ]),
  });
});

describe.each(CIRCUMSTANCES)("a pod of one tenant at a service of another, $title", ({ title, lost, holds }) => {
  beforeAll(async () => {
    for (const layer of lost) {
      await layer.remove();
    }
    const outcomes = new Map<string, Outcome>();
    for (const attack of attacks) {
      outcomes.set(attack.title, await attack.run());
    }
    seen.set(title, outcomes);
  });

  afterAll(async () => {
    for (const layer of lost) {
      await layer.restore();
    }
  });

  test(holds ? "gets no answer, whatever it tries" : "gets one by every way that only a policy closes", () => {
    const answered = attacks.filter((attack) => isAnswered(seen.get(title)?.get(attack.title) ?? {}));
    const expected = holds ? [] : attacks.filter(({ needsNoPolicy }) => !needsNoPolicy);
    expect(answered.map((attack) => attack.title)).toEqual(expected.map((attack) => attack.title));
  });
});

test("the same service answers a pod of its own tenant", async () => {
  const friend = podOf(world, victim.namespace, "project-service");
  const [byName] = await attacksOn(world, friend, victim);
  expect(isAnswered((await byName?.run()) ?? {})).toBe(true);
});

test("the same service answers the load balancer at the tenant's host", async () => {
  const outcome = await fromLoadBalancer(world, victim, "/api/tasks");
  expect(isAnswered(outcome)).toBe(true);
});
