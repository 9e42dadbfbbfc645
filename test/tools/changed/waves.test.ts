import { ENVIRONMENTS } from "../../../config";
import { parseTenants } from "../../../tenancy";
import type { Change, Output } from "../../../tools/changed/compare";
import { planStacks } from "../../../tools/changed/waves";
import type { JsonObject } from "../../../tools/manifests/json";
import { tenantsText } from "../cli/support";
import { output } from "./support";

const fleet = parseTenants(
  tenantsText([
    '{ "id": "canary", "name": "N", "tier": "standard", "shard": 3, "canary": { "release": "2" } }',
    '{ "id": "big", "name": "N", "tier": "enterprise", "shard": 0 }',
    '{ "id": "small", "name": "N", "tier": "starter", "shard": 0 }',
    '{ "id": "mid", "name": "N", "tier": "standard", "shard": 1 }',
    '{ "id": "tiny", "name": "N", "tier": "starter", "shard": 2 }',
    '{ "id": "large", "name": "N", "tier": "enterprise", "shard": 4 }',
    '{ "id": "larger", "name": "N", "tier": "enterprise", "shard": 4 }',
  ]),
  ENVIRONMENTS.production,
  "tenants.json",
);

const remote: JsonObject = { terraform: { backend: { s3: {} } } };
const TENANTS = ["tenants-00", "tenants-01", "tenants-02", "tenants-03", "tenants-04"];
const NAMES = [
  "bootstrap",
  "edge",
  "eks",
  "mesh",
  "vpc",
  ...TENANTS,
  "dr-edge",
  "dr-dns",
  "dr-tenants-00",
  "dr-tenants-03",
];
const after: Output = output(
  Object.fromEntries(
    NAMES.map((name) => [name, name === "bootstrap" ? { terraform: { backend: { local: {} } } } : remote]),
  ),
  { eks: ["vpc"], mesh: ["eks"], "dr-dns": ["dr-edge"], edge: ["dr-dns"] },
);

const touch = (stack: string, tenant?: string): Change => ({
  action: "changed",
  stack,
  address: "x.y",
  ...(tenant === undefined ? {} : { tenant }),
});

function plan(...changes: readonly Change[]): readonly string[] {
  return planStacks(after, changes, fleet).map(({ stack, wave }) => `${wave} ${stack}`);
}

describe("planStacks", () => {
  test("puts the platform first, in the order of its dependencies", () => {
    expect(plan(touch("mesh"), touch("tenants-02"), touch("eks"), touch("vpc"))).toEqual([
      "platform vpc",
      "platform eks",
      "platform mesh",
      "starter tenants-02",
    ]);
  });

  test("leaves out a stack whose state CI cannot reach, and one that is gone", () => {
    expect(plan(touch("bootstrap"), touch("dr-eks"))).toEqual([]);
  });

  test("a single shard goes with the highest tier that its change touches", () => {
    expect(plan(touch("tenants-00", "small"))).toEqual(["starter tenants-00"]);
    expect(plan(touch("tenants-00", "small"), touch("tenants-00", "big"))).toEqual(["enterprise tenants-00"]);
    expect(plan(touch("tenants-00"))).toEqual(["enterprise tenants-00"]);
  });

  test("of several the canary tenant's shard goes first, then tier by tier, the smaller stake before", () => {
    expect(plan(...TENANTS.map((name) => touch(name)))).toEqual([
      "canary tenants-03",
      "starter tenants-02",
      "standard tenants-01",
      "enterprise tenants-00",
      "enterprise tenants-04",
    ]);
  });

  test("where no canary tenant is touched, the shard with the least at stake goes first", () => {
    expect(plan(touch("tenants-04"), touch("tenants-01"))).toEqual(["canary tenants-01", "enterprise tenants-04"]);
  });

  test("a second region's stacks stand in the same order of dependencies, and its shards go with their tiers", () => {
    expect(plan(touch("edge"), touch("dr-tenants-00", "small"), touch("dr-dns"), touch("dr-edge"))).toEqual([
      "platform dr-edge",
      "platform dr-dns",
      "platform edge",
      "starter dr-tenants-00",
    ]);
    expect(plan(touch("dr-tenants-00"))).toEqual(["enterprise dr-tenants-00"]);
  });

  test("the canary shard goes first in both regions, since one of them serves it", () => {
    expect(plan(...["tenants-00", "dr-tenants-00", "dr-tenants-03", "tenants-03"].map((name) => touch(name)))).toEqual([
      "canary tenants-03",
      "canary dr-tenants-03",
      "enterprise tenants-00",
      "enterprise dr-tenants-00",
    ]);
  });

  test("one shard in two regions has nothing to go before", () => {
    expect(plan(touch("tenants-00"), touch("dr-tenants-00"))).toEqual([
      "enterprise tenants-00",
      "enterprise dr-tenants-00",
    ]);
  });
});
