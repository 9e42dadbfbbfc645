import { ENVIRONMENTS } from "../../config";
import { check, type CheckReport } from "../../tenancy/check";
import { tenantsText } from "../tools/cli/support";

const environment = ENVIRONMENTS.production;

/** Judges rows as a change of others on a day. */
function change(
  before: readonly string[],
  after: readonly string[],
  { today = "2027-06-01", moved = [] }: { today?: string; moved?: readonly string[] } = {},
): CheckReport {
  const base = { text: tenantsText(before), file: "main:tenants.json", today, moved };
  return check({ text: tenantsText(after), file: "tenants.json", environment, base });
}

function row(id: string, fields = ""): string {
  return `{ "id": "${id}", "name": "Name of ${id}", "tier": "starter"${fields} }`;
}

const acme = row("acme");
const state = (name: string, retainUntil?: string): string =>
  row("zeta", `, "state": "${name}"${retainUntil === undefined ? "" : `, "retainUntil": "${retainUntil}"`}`);

describe("check", () => {
  test("counts the fleet of a file that passes", () => {
    expect(check({ text: tenantsText([acme, state("suspended")]), file: "tenants.json", environment })).toEqual({
      findings: [],
      fleet: { tenants: 2, tiers: { starter: 2 }, states: { active: 1, suspended: 1 } },
    });
  });

  test("gives every problem of the file its place", () => {
    const { findings, fleet } = check({
      text: tenantsText([row("kube-x"), row("acme", ', "shard": 99')]),
      file: "tenants.json",
      environment,
    });
    expect(findings.map(({ line, column }) => [line, column])).toEqual([
      [3, 13],
      [4, 73],
    ]);
    expect(fleet).toBeUndefined();
  });

  test("says which setting to change if the database cannot hold the fleet", () => {
    const rows = Array.from({ length: 300 }, (_, index) => row(`tenant-${index}`));
    const database = { ...environment.database, instanceClass: "db.t4g.medium" };
    const { findings } = check({
      text: tenantsText(rows),
      file: "tenants.json",
      environment: { ...environment, database },
    });
    expect(findings).toEqual([
      {
        file: "config/platform.ts",
        message: expect.stringMatching(/^database\.instanceClass: db\.t4g\.medium leaves the proxy 283/) as string,
      },
    ]);
  });
});

describe("check --base", () => {
  test("names rows that came, changed and went, whatever their order", () => {
    const { rows, findings } = change(
      [acme, row("beta"), state("purged", "2027-01-01")],
      [row("beta", ', "release": "2.0.0"'), row("gamma"), acme],
    );
    expect(rows).toEqual({ added: ["gamma"], changed: ["beta"], removed: ["zeta"] });
    expect(findings).toEqual([]);
  });

  test.each(["active", "suspended"])("a row may not vanish in state %s", (name) => {
    expect(change([acme, state(name)], [acme]).findings).toEqual([
      {
        file: "main:tenants.json",
        line: 4,
        column: 5,
        message: `tenants[1]: row "zeta" vanishes in state "${name}"; allowed: only a row in state purged may vanish`,
      },
    ]);
  });

  test("nor offboarding, while its data is kept", () => {
    const { findings } = change([acme, state("offboarding", "2027-01-01")], [acme]);
    expect(findings).toHaveLength(1);
  });

  test.each([
    ["a similar id", row("zetta"), '"zetta"'],
    ["the same name", '{ "id": "other", "name": "Name of zeta", "tier": "starter" }', '"other"'],
  ])("a row that comes while one goes, with %s, is a rename", (_, successor, id) => {
    const { findings } = change([acme, row("zeta")], [acme, successor]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ file: "tenants.json", line: 4, column: 5 });
    expect(findings[0]?.message).toContain(`id changes from "zeta" to ${id}; an id never changes`);
  });

  test("a region may not change, be it named or the environment's, unless the data has been brought over", () => {
    const moved = row("acme", ', "region": "us-east-1"');
    const messages = (...states: Parameters<typeof change>): string[] =>
      change(...states).findings.map(({ message }) => message);
    expect(messages([acme], [moved])).toContain(
      'tenants[0]: "acme": region moves from ap-northeast-1 to us-east-1, and the tenant\'s data does not; ' +
        "allowed: ap-northeast-1, or first bring the data over, then pass --moved acme",
    );
    expect(messages([acme], [moved], { moved: ["acme"] })).not.toContainEqual(expect.stringContaining("region moves"));
    expect(messages([acme], [row("acme", ', "region": "ap-northeast-1"')])).toEqual([]);
  });

  test("a shard may not change, be it named or hashed, unless the states have been moved", () => {
    const moved = row("acme", ', "shard": 3');
    const { findings } = change([acme], [moved]);
    expect(findings.map(({ message }) => message)).toEqual([
      'tenants[0]: "acme": shard moves from 17 to 3; allowed: 17, or first move the tenant\'s resources between the two ' +
        "states, then pass --moved acme",
    ]);
    expect(change([moved], [acme]).findings).toHaveLength(1);
    expect(change([acme], [moved], { moved: ["acme"] }).findings).toEqual([]);
    expect(change([acme], [row("acme", ', "shard": 17')]).findings).toEqual([]);
  });

  test("a tenant without resources may be placed anew", () => {
    const offboarding = ', "state": "offboarding", "retainUntil": "2028-01-01"';
    expect(change([row("acme", offboarding)], [row("acme", `, "shard": 3${offboarding}`)]).findings).toEqual([]);
  });

  const date = (name: string): string | undefined => (name === "offboarding" ? "2027-01-01" : undefined);
  const legal = [
    "active suspended",
    "suspended active",
    "suspended offboarding",
    "offboarding active",
    "offboarding suspended",
    "offboarding purged",
  ];
  const states = ["active", "suspended", "offboarding", "purged"];
  const moves = states.flatMap((from) => states.filter((to) => to !== from).map((to) => [from, to] as const));
  test.each(moves)("moving from %s to %s is judged by the lifecycle", (from, to) => {
    const { findings } = change([state(from, date(from))], [state(to, date(to))]);
    if (legal.includes(`${from} ${to}`)) {
      expect(findings).toEqual([]);
    } else {
      expect(findings).toHaveLength(1);
      expect(findings[0]?.message).toContain(
        `"zeta": state moves from "${from}" to "${to}"; allowed after "${from}": `,
      );
    }
  });

  test("a new row begins active or suspended", () => {
    expect(change([acme], [acme, state("suspended")]).findings).toEqual([]);
    const { findings } = change([acme], [acme, state("purged")]);
    expect(findings.map(({ line, message }) => [line, message])).toEqual([
      [4, 'tenants[1]: a new row begins in state "purged"; allowed: active, suspended'],
    ]);
  });

  test("a retention may be lengthened and not shortened, in the tombstone neither", () => {
    const kept = state("offboarding", "2027-03-31");
    const shortened = "retainUntil is shortened from 2027-03-31 to 2027-03-30; allowed: the same day or later";
    const messages = (after: string): readonly string[] =>
      change([kept], [after]).findings.map(({ message }) => message);
    expect(messages(state("offboarding", "2027-04-01"))).toEqual([]);
    expect(messages(state("offboarding", "2027-03-30"))).toEqual([`tenants[0]: "zeta": ${shortened}`]);
    expect(messages(state("purged", "2027-03-30"))).toEqual([`tenants[0]: "zeta": ${shortened}`]);
  });

  test("a tenant is purged from the day after its retention on", () => {
    const purge = (today: string): readonly string[] =>
      change([state("offboarding", "2027-03-31")], [state("purged", "2027-03-31")], { today }).findings.map(
        ({ message }) => message,
      );
    expect(purge("2027-03-31")).toEqual([
      'tenants[0]: "zeta": purged on 2027-03-31, but its data is kept until 2027-03-31; allowed: from the day after',
    ]);
    expect(purge("2027-04-01")).toEqual([]);
  });

  test("rows that do not pass by themselves are still judged as a change", () => {
    const { findings } = change([acme, row("beta")], [row("acme", ', "tear": 1')]);
    expect(findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('unknown key "tear"') as string,
      expect.stringContaining('row "beta" vanishes') as string,
    ]);
  });

  test("a text that is no JSON has not lost its rows", () => {
    const base = { text: tenantsText([acme]), file: "main:tenants.json", today: "2027-01-01", moved: [] };
    const { findings } = check({ text: '{ "tenants": [', file: "tenants.json", environment, base });
    expect(findings.every(({ message }) => message.startsWith("broken JSON"))).toBe(true);
  });

  test("a base that this version would refuse is read as far as it goes", () => {
    const old = '{ "id": "acme", "name": "Acme", "tier": "platinum", "colour": "red" }';
    expect(change([old], [acme]).findings).toEqual([]);
  });
});
