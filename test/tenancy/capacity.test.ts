import { messagesOf, row, starter } from "../support/messages";

describe("what a tenant may have, and what its pods need", () => {
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
});
