import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ENVIRONMENTS, type Environment } from "../../config";
import { loadTenants, parseTenants, TenantsError } from "../../tenancy";
import { generateRows, tenantsJson } from "../support/fleet";

const production = ENVIRONMENTS.production;

/** Messages about a file that holds these rows, one a line from line 2 on. */
function messagesOf(rows: readonly string[], environment: Environment = production): readonly string[] {
  return messagesOfText(`{ "tenants": [\n${rows.join(",\n")}\n] }`, environment);
}

function messagesOfText(text: string, environment: Environment = production): readonly string[] {
  try {
    parseTenants(text, environment, "tenants.json");
  } catch (error) {
    if (error instanceof TenantsError) {
      return error.message.split("\n");
    }
    throw error;
  }
  return [];
}

const row = (fields: string): string => `{ "name": "X", ${fields} }`;
const starter = (fields: string): string => row(`"tier": "starter", ${fields}`);

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

  test("replicas beyond the tier are refused together with the quota that cannot hold them", () => {
    const messages = messagesOf([starter('"id": "acme", "overrides": { "replicas": { "max": 3 } }')]);
    expect(messages).toContain(
      "tenants.json:2:85: tenants[0].overrides.replicas.max: 3 replicas is beyond tier starter; allowed: at most 2",
    );
  });

  test("a quota that cannot hold its own pods with sidecars and one surge pod says what it takes", () => {
    expect(messagesOf([starter('"id": "acme", "overrides": { "quota": { "pods": 3 } }')])).toEqual([
      "tenants.json:2:83: tenants[0].overrides.quota.pods: quota pods of 3 pods cannot hold the tenant's own pods; " +
        "allowed: at least 4 pods (3 services × 1 replicas + 1 surge pod, sidecars included)",
    ]);
    expect(messagesOf([starter('"id": "acme", "overrides": { "quota": { "limitsCpu": 1.03 } }')])).toEqual([
      "tenants.json:2:88: tenants[0].overrides.quota.limitsCpu: quota limitsCpu of 1.03 cores cannot hold the tenant's " +
        "own pods; allowed: at least 1.04 cores (3 services × 1 replicas + 1 surge pod, sidecars included)",
    ]);
    expect(messagesOf([starter('"id": "acme", "overrides": { "quota": { "limitsCpu": 1.04 } }')])).toEqual([]);
  });

  test("a canary counts into the quota", () => {
    expect(
      messagesOf([starter('"id": "acme", "canary": { "release": "2" }, "overrides": { "quota": { "pods": 6 } }')]),
    ).toEqual([
      "tenants.json:2:113: tenants[0].overrides.quota.pods: quota pods of 6 pods cannot hold the tenant's own pods; " +
        "allowed: at least 7 pods (3 services × 1 replicas + 3 canary pods + 1 surge pod, sidecars included)",
    ]);
  });

  const canaryOf = (canary: string): string[] => [starter(`"id": "acme", "canary": ${canary}`)];

  test.each([
    ['{ "release": "2", "weight": 25 }'],
    ['{ "release": "2", "services": ["task-service"] }'],
    ['{ "flagger": ["task-service", "user-service"] }'],
    ['{ "release": "2", "services": ["task-service"], "flagger": ["user-service"] }'],
  ])("a canary may be %s", (canary) => {
    expect(messagesOf(canaryOf(canary))).toEqual([]);
  });

  test("a service with a second release is not Flagger's too, be it named or one of all", () => {
    expect(
      messagesOf(canaryOf('{ "release": "2", "services": ["task-service"], "flagger": ["task-service"] }')),
    ).toEqual([
      "tenants.json:2:119: tenants[0].canary.flagger[0]: task-service has the second release and is Flagger's; " +
        "allowed: one of the two",
    ]);
    expect(messagesOf(canaryOf('{ "release": "2", "flagger": ["task-service", "user-service"] }'))).toEqual([
      "tenants.json:2:89: tenants[0].canary.flagger[0]: task-service has the second release and is Flagger's; " +
        'allowed: one of the two, so name the others in "services"',
      "tenants.json:2:105: tenants[0].canary.flagger[1]: user-service has the second release and is Flagger's; " +
        'allowed: one of the two, so name the others in "services"',
    ]);
  });

  test("a canary says what it is, and what belongs to a second release stands beside one", () => {
    expect(messagesOf(canaryOf("{}"))).toEqual([
      "tenants.json:2:59: tenants[0].canary: neither release nor flagger; " +
        "allowed: one of them, or both for other services",
    ]);
    expect(messagesOf(canaryOf('{ "weight": 20, "services": ["task-service"], "flagger": ["user-service"] }'))).toEqual(
      [
        "tenants.json:2:71: tenants[0].canary.weight: weight stands without release; " +
          "allowed: only beside the second release's image tag",
        "tenants.json:2:87: tenants[0].canary.services: services stands without release; " +
          "allowed: only beside the second release's image tag",
      ],
    );
  });

  test.each([
    [
      '["task-servce"]',
      '.flagger[0]: unknown value "task-servce"; allowed: project-service, task-service, user-service (did you mean "task-service"?)',
    ],
    ["[]", ".flagger: invalid value […]; allowed: a list of one service or more, each once"],
    [
      '["task-service", "task-service"]',
      ".flagger: invalid value […]; allowed: a list of one service or more, each once",
    ],
    ['"task-service"', '.flagger: invalid value "task-service"; allowed: a list of one service or more, each once'],
  ])("services of a canary are the catalogue's, each once: not %s", (services, message) => {
    const messages = messagesOf(canaryOf(`{ "flagger": ${services} }`));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(`tenants[0].canary${message}`);
  });

  test("what Flagger analyses counts into the quota: as many pods as half the requests take, or as the service has", () => {
    const standard = (flagger: string, rest = ""): readonly string[] =>
      messagesOf([row(`"id": "acme", "tier": "standard", "canary": { "flagger": ${flagger} }${rest}`)]);
    expect(standard('["task-service"]')).toEqual([]);
    expect(standard('["task-service", "user-service"]')).toEqual([
      "tenants.json:2:60: tenants[0].canary: quota limitsCpu of 4 cores cannot hold the tenant's own pods; " +
        "allowed: at least 4.2 cores (3 services × 3 replicas + 4 canary pods + 1 surge pod, sidecars included)",
    ]);
    const quota = ', "overrides": { "quota": { "limitsCpu": 4.2 } }';
    expect(standard('["task-service", "user-service"]', quota)).toEqual([]);
    const fixed = ', "overrides": { "replicas": { "min": 2, "max": 2 }, "quota": { "pods": 8 } }';
    expect(standard('["task-service"]', fixed)[0]).toContain(
      "at least 9 pods (3 services × 2 replicas + 2 canary pods + 1 surge pod, sidecars included)",
    );
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
