import { deprovision, provision, REQUEST, World } from "./fixture";

let world: World;
beforeEach(() => {
  world = new World();
});

/** Nothing was kept, and CI was not asked. */
function expectNothingChanged(): void {
  expect([...world.table.items]).toEqual([]);
  expect(world.dispatched).toEqual([]);
}

const status = (rest: object = {}) => ({ action: "status", tenant_id: "lotus-care", request_id: REQUEST, ...rest });

describe("a request to provision", () => {
  test("asks CI to add the row, and is in progress until CI reports", async () => {
    const answer = {
      tenant_id: "lotus-care",
      namespace: "tenant-lotus-care",
      status: "in_progress",
      endpoints: ["https://lotus-care.taskflow.example.com"],
      request_id: REQUEST,
      action: "provision",
      state: "active",
    };
    expect(await world.handle(provision({ config: { name: "Lotus Care", release: "1.1.0" } }))).toEqual(answer);
    expect(world.dispatched).toEqual([
      {
        environment: "production",
        request_id: REQUEST,
        tenant_id: "lotus-care",
        command: "add",
        name: "Lotus Care",
        tier: "starter",
        release: "1.1.0",
      },
    ]);
    expect(await world.handle(status())).toEqual(answer);
    expect(await world.report({ status: "ready" })).toEqual({ ...answer, status: "ready" });
    expect(await world.handle(status())).toEqual({ ...answer, status: "ready" });
  });

  test("comes through the bus as well", async () => {
    const envelope = { source: "taskflow.onboarding", "detail-type": "TenantOnboardingRequest", detail: provision() };
    expect((await world.handle(envelope)).status).toBe("in_progress");
    expect(world.dispatched).toHaveLength(1);
  });

  test("keeps no name and no configuration, but a digest, for a year", async () => {
    await world.handle(provision());
    const kept = JSON.stringify([...world.table.items]);
    expect(kept).not.toContain("Lotus Care");
    expect(Number(world.table.items.get(`lotus-care/${REQUEST}`)?.["expires_at"]?.N)).toBe(
      world.now.getTime() / 1_000 + 365 * 86_400,
    );
  });

  test("that asks for a row as it stands has it seen deployed, so that a request that failed can be repeated", async () => {
    const same = provision({ tenant_id: "acme-corp", tier: "enterprise", config: { name: "Acme Corporation" } });
    await world.handle(same);
    expect(world.dispatched).toEqual([
      { environment: "production", request_id: REQUEST, tenant_id: "acme-corp", command: "verify" },
    ]);
  });

  test.each([
    ["another name", provision({ tenant_id: "acme-corp", tier: "enterprise" })],
    ["a tenant that is suspended", provision({ tenant_id: "green-valley", config: { name: "Green Valley School" } })],
    ["a tenant that was purged", provision({ tenant_id: "gone-ltd", config: { name: "Gone" } })],
  ])("is refused for an id that is taken: %s", async (_, event) => {
    expect(await world.refusal(event)).toEqual([
      `INVALID_REQUEST: tenant_id: tenant "${event.tenant_id}" exists already, and not as asked for; allowed: an id that is free`,
    ]);
    expectNothingChanged();
  });
});

describe("a request to deprovision", () => {
  test("suspends an active tenant: an event alone takes nothing away at once", async () => {
    const answer = await world.handle(deprovision("acme-corp", { tier: "enterprise" }));
    expect(answer).toMatchObject({ state: "suspended", status: "in_progress", endpoints: [] });
    expect(world.dispatched).toEqual([
      { environment: "production", request_id: REQUEST, tenant_id: "acme-corp", command: "suspend" },
    ]);
  });

  test("offboards a suspended tenant and keeps its data until the day that it names", async () => {
    expect(await world.handle(deprovision("green-valley"))).toMatchObject({ state: "offboarding", endpoints: [] });
    expect(world.dispatched).toEqual([
      {
        environment: "production",
        request_id: REQUEST,
        tenant_id: "green-valley",
        command: "offboard",
        retain_until: "2028-03-31",
      },
    ]);
  });

  test("never purges", async () => {
    await world.handle(deprovision("old-mill"));
    expect(world.dispatched.map(({ command }) => command)).toEqual(["offboard"]);
    expect(await world.refusal(deprovision("gone-ltd"))).toEqual([
      'INVALID_REQUEST: tenant_id: tenant "gone-ltd" is purged already',
    ]);
  });

  test.each([
    ["an unknown tenant", deprovision("acme-cor"), 'tenant_id: no tenant "acme-cor" (did you mean "acme-corp"?)'],
    [
      "another tier",
      deprovision("acme-corp", { tier: "starter" }),
      'tier: tenant "acme-corp" is of tier enterprise; allowed: enterprise, or no tier',
    ],
    [
      "no retention",
      deprovision("acme-corp", { config: {} }),
      "config.retain_until: missing; allowed: a date from 2027-07-01 on, 30 days ahead",
    ],
    [
      "too short a retention",
      deprovision("acme-corp", { config: { retain_until: "2027-06-30" } }),
      'config.retain_until: invalid value "2027-06-30"; allowed: a date from 2027-07-01 on, 30 days ahead',
    ],
    [
      "a day that there is not",
      deprovision("acme-corp", { config: { retain_until: "2028-02-30" } }),
      'config.retain_until: invalid value "2028-02-30"; allowed: a date from 2027-07-01 on, 30 days ahead',
    ],
    [
      "a retention shorter than promised",
      deprovision("old-mill", { config: { retain_until: "2027-08-01" } }),
      'tenant_id: "old-mill": retainUntil is shortened from 2027-12-31 to 2027-08-01; allowed: the same day or later',
    ],
  ])("is refused for %s", async (_, event, problem) => {
    expect(await world.refusal(event)).toEqual([`INVALID_REQUEST: ${problem}`]);
    expectNothingChanged();
  });
});

describe("a repeated request", () => {
  test("gets the answer that is recorded, whatever has become of the row, and CI is asked once", async () => {
    const first = await world.handle(provision());
    world.passHours(1);
    expect(await world.handle(provision())).toEqual(first);
    await world.report({ status: "ready" });
    world.tenants = JSON.stringify({ tenants: [{ id: "lotus-care", name: "Other", tier: "standard" }] });
    expect(await world.handle(provision())).toEqual({ ...first, status: "ready" });
    expect(world.dispatched).toHaveLength(1);
  });

  test("counts as one whatever the order of its fields", async () => {
    const { config, ...rest } = provision();
    await world.handle(provision());
    expect((await world.handle({ config, ...rest })).status).toBe("in_progress");
    expect(world.dispatched).toHaveLength(1);
  });

  test("may not ask for something else", async () => {
    await world.handle(provision());
    expect(await world.refusal(provision({ tier: "standard" }))).toEqual([
      `REQUEST_ID_REUSED: request ${REQUEST} of tenant "lotus-care" asked for something else; allowed: a new request_id`,
    ]);
  });

  test("asks CI where the first could not, and waits for whoever is about to", async () => {
    world.ci = () => Promise.reject(new Error("no answer"));
    await expect(world.handle(provision())).rejects.toThrow("no answer");
    world.ci = () => Promise.resolve();
    expect((await world.handle(provision())).status).toBe("in_progress");
    expect((await world.handle(provision())).status).toBe("in_progress");
    expect(world.dispatched).toHaveLength(1);
  });

  test("asks CI in the place of an invocation that died, a minute later", async () => {
    world.ci = () => new Promise(() => undefined);
    void world.handle(provision());
    await new Promise(setImmediate);
    world.ci = () => Promise.resolve();
    await world.handle(provision());
    expect(world.dispatched).toEqual([]);
    world.now = new Date(world.now.getTime() + 61_000);
    await world.handle(provision());
    expect(world.dispatched).toHaveLength(1);
  });
});

describe("of several requests for a tenant", () => {
  const other = provision({ request_id: "7f1c2d3e-0002", tier: "standard" });

  test("one is in work, and another is refused until it has ended", async () => {
    await world.handle(provision());
    expect(await world.refusal(other)).toEqual([
      'TENANT_IN_WORK: another request for tenant "lotus-care" is in progress',
    ]);
    await world.report({ status: "failed", failure: "row" });
    expect((await world.handle(other)).status).toBe("in_progress");
    expect(world.dispatched).toHaveLength(2);
  });

  test("does not keep other tenants waiting", async () => {
    await world.handle(provision());
    expect((await world.handle(provision({ tenant_id: "lotus-home" }))).status).toBe("in_progress");
  });

  test("that race, one has its way: the same twice, or two different ones", async () => {
    /** All have read the table before the first writes to it. */
    const waiting: (() => void)[] = [];
    world.table.before = (command) =>
      command.constructor.name === "TransactWriteItemsCommand"
        ? new Promise((resolve) => {
            waiting.push(resolve);
            if (waiting.length === 3) {
              waiting.forEach((go) => go());
            }
          })
        : Promise.resolve();
    const outcomes = await Promise.allSettled([provision(), other, provision()].map((event) => world.handle(event)));
    expect(world.dispatched).toHaveLength(1);
    expect(outcomes.map(({ status: outcome }) => outcome)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});

describe("a request's end", () => {
  test.each([
    ["row", "CI could not edit tenants.json: the row no longer passes its checks"],
    ["merge", "the pull request was not merged: its review found something, or nobody approved it in time"],
    ["deploy", "the deployment failed"],
    ["probe", "it is deployed, but its host does not answer as it should"],
  ])("at %s is told with its reason and CI's run", async (failure, reason) => {
    await world.handle(provision());
    await world.report({ status: "failed", failure });
    expect(await world.handle(status())).toMatchObject({
      status: "failed",
      reason: `${reason}: https://github.com/taskflow/platform/actions/runs/4711`,
    });
  });

  test("is final; the same report twice is none the worse, another is refused", async () => {
    await world.handle(provision());
    await world.report({ status: "failed", failure: "deploy" });
    expect((await world.report({ status: "failed", failure: "deploy" })).status).toBe("failed");
    await expect(world.report({ status: "ready" })).rejects.toThrow(
      `ALREADY_ENDED: request ${REQUEST} has ended as failed, not ready`,
    );
  });

  test("comes by itself after a day without a report, and frees the tenant; a late report still counts", async () => {
    await world.handle(provision());
    world.passHours(23);
    expect((await world.handle(status())).status).toBe("in_progress");
    world.passHours(1.1);
    expect(await world.handle(status())).toMatchObject({
      status: "failed",
      reason: "CI has not reported within 24 hours",
    });
    expect((await world.handle(provision({ request_id: "7f1c2d3e-0002" }))).status).toBe("in_progress");
    expect((await world.report({ status: "ready" })).status).toBe("ready");
    // The tenant is the second request's still.
    expect((await world.refusal(provision({ request_id: "7f1c2d3e-0003" })))[0]).toMatch(/^TENANT_IN_WORK/);
  });

  test.each([
    ["a status that there is not", { status: "done" }],
    ["a reason that there is not", { status: "failed", failure: "<script>" }],
    ["a run that is a link", { status: "failed", run: "https://evil" }],
    ["an unknown key", { status: "ready", endpoints: ["https://evil"] }],
  ])("is not what a report with %s says", async (_, detail) => {
    await world.handle(provision());
    await expect(world.report(detail)).rejects.toThrow("INVALID_REQUEST");
    expect((await world.handle(status())).status).toBe("in_progress");
  });
});
