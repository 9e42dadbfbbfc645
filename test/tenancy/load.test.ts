import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ENVIRONMENTS } from "../../config";
import { loadTenants } from "../../tenancy";
import { generateRows, tenantsJson } from "../support/fleet";
import { messagesOf, messagesOfText, row, starter } from "../support/messages";

const production = ENVIRONMENTS.production;

const SPARSE_ID = "a DNS label of 3 to 40 characters: a-z, 0-9 and - inside";

describe("the shipped tenants.json", () => {
  const tenants = loadTenants("tenants.json", production);

  test("holds twelve tenants over the three tiers, acme-corp and small-biz among them", () => {
    expect(tenants).toHaveLength(12);
    expect(new Set(tenants.map((tenant) => tenant.tier.name))).toEqual(new Set(["starter", "standard", "enterprise"]));
    expect(tenants.find((tenant) => tenant.id === "acme-corp")?.tier.name).toBe("enterprise");
    expect(tenants.find((tenant) => tenant.id === "small-biz")?.tier.name).toBe("starter");
  });

  test("is valid in every environment", () => {
    for (const environment of Object.values(ENVIRONMENTS)) {
      expect(() => loadTenants("tenants.json", environment)).not.toThrow();
    }
  });
});

describe("a fleet that its database cannot hold", () => {
  test("is refused, with the instance class to take", () => {
    const folder = mkdtempSync(join(tmpdir(), "taskflow-"));
    const file = join(folder, "tenants.json");
    writeFileSync(file, tenantsJson(generateRows(500)));
    const database = { ...production.database, instanceClass: "db.t4g.large" };
    expect(() => loadTenants(file, production)).not.toThrow();
    expect(() => loadTenants(file, { ...production, database })).toThrow(
      /^config\/platform\.ts: database\.instanceClass: db\.t4g\.large leaves the proxy \d+ connections; .*take db\.r6g\.xlarge or larger/,
    );
    rmSync(folder, { recursive: true });
  });
});

describe("bad input", () => {
  test("broken JSON is reported where it breaks", () => {
    expect(messagesOfText('{ "tenants": [\n  { "id": "acme-corp" "tier": "starter" }\n] }')).toEqual([
      'tenants.json:2:23: broken JSON: comma expected at "\\"tier\\""',
    ]);
  });

  test("an empty file is broken JSON", () => {
    expect(messagesOfText("")).toEqual(["tenants.json:1:1: broken JSON: value expected at the end of the file"]);
  });

  test("a trailing comma is broken JSON", () => {
    expect(messagesOfText('{ "tenants": [], }')).toEqual([
      'tenants.json:1:18: broken JSON: property name expected at "}"',
      'tenants.json:1:18: broken JSON: value expected at "}"',
    ]);
  });

  test("a key that stands twice is not silently the last one's", () => {
    expect(messagesOf(['{ "id": "acme-corp", "name": "X", "tier": "starter", "tier": "standard" }'])).toEqual([
      'tenants.json:2:54: tenants[0]: key "tier" stands twice',
    ]);
  });

  test("another document than a list of tenants is refused", () => {
    expect(messagesOfText("[]")).toEqual(["tenants.json:1:1: invalid value […]; allowed: an object"]);
    expect(messagesOfText("{}")).toEqual(["tenants.json:1:1: tenants: missing; allowed: a list of tenants"]);
    expect(messagesOf(["5"])).toEqual(["tenants.json:2:1: tenants[0]: invalid value 5; allowed: an object"]);
  });

  test("a duplicate id names the row that has it already", () => {
    expect(messagesOf([starter('"id": "acme"'), starter('"id": "acme"')])).toEqual([
      'tenants.json:3:41: tenants[1].id: id "acme" stands twice; tenants[0] has it already',
    ]);
  });

  test.each(["Acme", "acme_corp", "-acme", "acme-", "ab", "a.b", "a".repeat(41)])(
    "an id that is no DNS label is refused: %s",
    (id) => {
      expect(messagesOf([starter(`"id": "${id}"`)])).toEqual([
        `tenants.json:2:41: tenants[0].id: invalid value "${id}"; allowed: ${SPARSE_ID}`,
      ]);
    },
  );

  test.each([
    ["system", "the platform's own node pool and namespaces"],
    ["shared", "the database schema of all tenants"],
    ["istio", "the service mesh"],
    ["provisioner", "the database role tenant_provisioner"],
    ["istio-ingress", "the service mesh's namespaces"],
    ["kube-system", "Kubernetes' own namespaces"],
    ["kube-x", "Kubernetes' own namespaces"],
    ["default", "Kubernetes' default namespace and service accounts"],
    ["api", "the platform's own host"],
  ])("the reserved id %s says for what it is kept", (id, owner) => {
    expect(messagesOf([starter(`"id": "${id}"`)])).toEqual([
      `tenants.json:2:41: tenants[0].id: "${id}" is reserved for ${owner}; ` +
        "allowed: any id but system, shared, istio, provisioner, default, api, www, admin, status, auth, region, kube-…, istio-…",
    ]);
  });

  test("ids that collide as role and schema are reported, though one is no DNS label", () => {
    expect(messagesOf([starter('"id": "acme_corp"'), starter('"id": "acme-corp"')])).toEqual([
      `tenants.json:2:41: tenants[0].id: invalid value "acme_corp"; allowed: ${SPARSE_ID}`,
      'tenants.json:3:41: tenants[1].id: id "acme-corp" collides with "acme_corp" of tenants[0]: ' +
        'database role "tenant_acme_corp", database schema "tenant_acme_corp"',
    ]);
  });

  test("ids that collide as host name are reported", () => {
    expect(messagesOf([starter('"id": "ACME"'), starter('"id": "acme"')])).toEqual([
      `tenants.json:2:41: tenants[0].id: invalid value "ACME"; allowed: ${SPARSE_ID}`,
      'tenants.json:3:41: tenants[1].id: id "acme" collides with "ACME" of tenants[0]: database role "tenant_acme", ' +
        'database schema "tenant_acme", host "acme", namespace "tenant-acme", IAM role "taskflow-tenant-acme"',
    ]);
  });

  test("an unknown key comes with the nearest right one", () => {
    expect(messagesOf([starter('"id": "acme", "overides": {}')])).toEqual([
      'tenants.json:2:49: tenants[0]: unknown key "overides"; allowed: id, name, tier, state, retainUntil, region, ' +
        'shard, release, canary, overrides (did you mean "overrides"?)',
    ]);
    expect(messagesOf([starter('"id": "acme", "overrides": { "quota": { "cpu": 1 } }')])).toEqual([
      'tenants.json:2:75: tenants[0].overrides.quota: unknown key "cpu"; ' +
        "allowed: requestsCpu, requestsMemoryGi, limitsCpu, limitsMemoryGi, pods",
    ]);
    expect(messagesOf([starter('"id": "acme", "overrides": { "replicas": { "mx": 1 } }')])[0]).toContain(
      'allowed: min, max (did you mean "max"?)',
    );
    expect(messagesOf([starter('"id": "acme", "overrides": { "ratClass": "starter" }')])[0]).toContain(
      '(did you mean "rateClass"?)',
    );
    expect(messagesOf([starter('"id": "acme", "canary": { "release": "2", "wieght": 5 }')])[0]).toContain(
      'allowed: release, weight, services, flagger (did you mean "weight"?)',
    );
    expect(messagesOfText('{ "tenats": [], "tenants": [] }')).toEqual([
      'tenants.json:1:3: unknown key "tenats"; allowed: $schema, tenants (did you mean "tenants"?)',
    ]);
  });

  test("an unknown tier comes with the nearest right one", () => {
    expect(messagesOf([row('"id": "acme", "tier": "enterprize"')])).toEqual([
      'tenants.json:2:38: tenants[0].tier: unknown value "enterprize"; allowed: starter, standard, enterprise ' +
        '(did you mean "enterprise"?)',
    ]);
  });

  test("a word that is near to none is not guessed at", () => {
    expect(messagesOf([row('"id": "acme", "tier": "gold"')])).toEqual([
      'tenants.json:2:38: tenants[0].tier: unknown value "gold"; allowed: starter, standard, enterprise',
    ]);
  });

  test("a missing field is reported at its row", () => {
    expect(messagesOf(['{ "id": "acme" }'])).toEqual([
      "tenants.json:2:1: tenants[0].name: missing; allowed: 1 to 100 characters",
      "tenants.json:2:1: tenants[0].tier: missing; allowed: starter, standard, enterprise",
    ]);
  });

  test.each([
    ['"overrides": { "quota": { "pods": 26 } }', "quota.pods: 26 pods is beyond tier starter; allowed: at most 25"],
    [
      '"overrides": { "quota": { "requestsCpu": 2.5 } }',
      "quota.requestsCpu: 2.5 cores is beyond tier starter; allowed: at most 2",
    ],
    [
      '"overrides": { "connectionLimit": 7 }',
      "connectionLimit: 7 connections is beyond tier starter; allowed: at most 6",
    ],
    [
      '"overrides": { "rateClass": "enterprise" }',
      'rateClass: rate class "enterprise" is beyond tier starter; allowed: starter, standard',
    ],
  ])("an override beyond what the tier may have is refused: %s", (override, message) => {
    const messages = messagesOf([starter(`"id": "acme", ${override}`)]);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/^tenants\.json:2:\d+: /);
    expect(messages[0]).toContain(`tenants[0].overrides.${message}`);
  });

  test("replicas in the wrong order are refused", () => {
    expect(
      messagesOf([row('"id": "acme", "tier": "standard", "overrides": { "replicas": { "min": 3, "max": 2 } }')]),
    ).toEqual(["tenants.json:2:86: tenants[0].overrides.replicas.min: 3 is more than max, 2; allowed: 1 to 2"]);
  });

  test("a host over its length limit is refused", () => {
    const domain = `${"d".repeat(60)}.${"d".repeat(60)}.${"d".repeat(60)}.${"d".repeat(60)}`;
    const id = "a".repeat(40);
    expect(messagesOf([starter(`"id": "${id}"`)], { ...production, domain })).toEqual([
      `tenants.json:2:41: tenants[0].id: host "${id}.${domain}" has 284 characters; allowed: at most 253`,
    ]);
  });

  test("a shard out of range is refused", () => {
    expect(messagesOf([starter('"id": "acme", "shard": 20')])).toEqual([
      "tenants.json:2:58: tenants[0].shard: shard 20 is out of range in production; allowed: 0 to 19",
    ]);
    expect(messagesOf([starter('"id": "acme", "shard": 1.5')])).toEqual([
      "tenants.json:2:58: tenants[0].shard: invalid value 1.5; allowed: a whole number from 0 to 10000",
    ]);
  });

  test("a shard that its tenants have outgrown is reported at the row that no longer fits", () => {
    const enterprise = (count: number): string[] =>
      Array.from({ length: count }, (_, index) =>
        row(`"id": "company-${String(index).padStart(2, "0")}", "tier": "enterprise", "shard": 3`),
      );
    // 34 resources each.
    expect(messagesOf(enterprise(44))).toEqual([]);
    expect(messagesOf(enterprise(46))).toEqual([
      "tenants.json:46:67: tenants[44].shard: shard 3 would hold 1564 resources; " +
        'allowed: at most 1500: give new rows another "shard"',
    ]);
  });

  test("a region that the environment does not serve is refused", () => {
    expect(messagesOf([starter('"id": "acme", "region": "eu-west-1"')])).toEqual([
      'tenants.json:2:59: tenants[0].region: unknown value "eu-west-1"; allowed: ap-northeast-1, us-east-1',
    ]);
    expect(messagesOf([starter('"id": "acme", "region": "us-east-1"')])).toEqual([
      'tenants.json:2:59: tenants[0].region: production does not serve region "us-east-1"; allowed: ap-northeast-1',
    ]);
  });

  test("offboarding needs the day until which data is kept, and no other state but purged may have one", () => {
    expect(messagesOf([starter('"id": "acme", "state": "offboarding"')])).toEqual([
      'tenants.json:2:58: tenants[0].state: state "offboarding" needs retainUntil, the day until which data is kept',
    ]);
    expect(messagesOf([starter('"id": "acme", "retainUntil": "2027-01-31"')])).toEqual([
      'tenants.json:2:64: tenants[0].retainUntil: retainUntil stands beside state "active"; ' +
        "allowed: only with state offboarding or purged",
    ]);
    expect(messagesOf([starter('"id": "acme", "state": "purged", "retainUntil": "2027-13-31"')])).toEqual([
      'tenants.json:2:83: tenants[0].retainUntil: invalid value "2027-13-31"; allowed: a date like 2027-03-31',
    ]);
  });

  test("every problem of a file is reported at once, in the order of the file", () => {
    const messages = messagesOf([
      row('"id": "acme", "tier": "gold"'),
      starter('"id": "kube-a"'),
      starter('"id": "fine-inc"'),
      starter('"id": "acme", "shard": 99, "colour": 1'),
    ]);
    expect(messages.map((message) => message.split(" ")[0])).toEqual([
      "tenants.json:2:38:",
      "tenants.json:3:41:",
      "tenants.json:5:41:",
      "tenants.json:5:62:",
    ]);
  });
});
