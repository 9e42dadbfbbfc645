import { readFileSync } from "node:fs";

import { removeFolders, taskflow, tenantsText, temporaryFolder, writeTenants } from "../cli/support";

afterEach(removeFolders);

const ROWS = [
  '{ "id": "acme", "name": "Acme", "tier": "enterprise" }',
  '{ "id": "kilo", "name": "Kilo", "tier": "standard", "state": "suspended", "shard": 4 }',
  '{ "id": "oscar", "name": "Oscar", "tier": "starter", "state": "offboarding", "retainUntil": "2027-03-31" }',
];

/** Runs `taskflow tenant` on a file of ROWS and gives what it said and the file after. */
async function tenant(...args: readonly string[]) {
  const path = writeTenants(temporaryFolder(), ROWS);
  const run = await taskflow("tenant", ...args, "--tenants", path);
  return { ...run, text: readFileSync(path, "utf8"), shown: run.out.replace(/.*tenants\.json/, "tenants.json") };
}

describe("taskflow tenant", () => {
  test("add writes a row in its place and says what comes of it", async () => {
    const { shown, text, code } = await tenant(
      "add",
      "beta",
      "--name",
      "Beta & Sons",
      "--tier",
      "starter",
      "--shard",
      "7",
    );
    expect(code).toBe(0);
    expect(shown).toBe('tenants.json:4: "beta" added: tier starter, active, shard 7, 27 resources\n');
    const added = '{ "id": "beta", "name": "Beta & Sons", "tier": "starter", "shard": 7 }';
    expect(text).toBe(tenantsText([ROWS[0] ?? "", added, ...ROWS.slice(1)]));
  });

  test.each([
    [["suspend", "acme"], ROWS[0], '{ "id": "acme", "name": "Acme", "tier": "enterprise", "state": "suspended" }'],
    [["resume", "kilo"], ROWS[1], '{ "id": "kilo", "name": "Kilo", "tier": "standard", "shard": 4 }'],
    [
      ["offboard", "kilo", "--retain-until", "2027-12-31"],
      ROWS[1],
      '{ "id": "kilo", "name": "Kilo", "tier": "standard", "state": "offboarding", "retainUntil": "2027-12-31", "shard": 4 }',
    ],
    [["resume", "oscar"], ROWS[2], '{ "id": "oscar", "name": "Oscar", "tier": "starter" }'],
    [["purge", "oscar", "--today", "2027-04-01"], ROWS[2], ROWS[2]?.replace("offboarding", "purged")],
  ])("%j changes that row alone", async (args, before = "", after = "") => {
    const { text, code } = await tenant(...args);
    expect(code).toBe(0);
    expect(text).toBe(tenantsText(ROWS).replace(before, after));
  });

  test.each([
    [["add", "kube-x", "--name", "X", "--tier", "starter"], `"kube-x" is reserved for Kubernetes' own namespaces`],
    [["add", "beta", "--name", "B", "--tier", "starter", "--shard", "99"], "shard 99 is out of range in production"],
    [["offboard", "acme", "--retain-until", "2027-12-31"], 'state moves from "active" to "offboarding"'],
    [["purge", "kilo"], 'state moves from "suspended" to "purged"'],
    [["purge", "oscar", "--today", "2027-03-31"], "its data is kept until 2027-03-31"],
    [["offboard", "oscar", "--retain-until", "2027-01-01"], "retainUntil is shortened from 2027-03-31 to 2027-01-01"],
  ])("%j is a finding, and nothing is written", async (args, message) => {
    const { out, text, code } = await tenant(...args);
    expect(code).toBe(1);
    expect(out.replaceAll("\n  ", " ")).toContain(message);
    expect(out).toMatch(/nothing written\n$/);
    expect(text).toBe(tenantsText(ROWS));
  });

  test.each([
    [["suspend", "acmee"], 'error: no tenant "acmee" (did you mean "acme"?)\n'],
    [["add", "acme", "--name", "A", "--tier", "starter"], 'error: tenant "acme" exists already\n'],
    [["offboard", "kilo"], "error: required option '--retain-until <date>' not specified\n"],
    [["offboard", "kilo", "--retain-until", "soon"], "allowed: a date like 2027-03-31"],
    [["add", "beta", "--name", "B", "--tier", "starter", "--shard", "x"], "allowed: a whole number"],
  ])("%j is usage, and nothing is written", async (args, message) => {
    const { out, error, text, code } = await tenant(...args);
    expect({ out, code }).toEqual({ out: "", code: 2 });
    expect(error).toContain(message);
    expect(text).toBe(tenantsText(ROWS));
  });

  test("a step that is taken already changes nothing and is fine", async () => {
    const { shown, text, code } = await tenant("suspend", "kilo");
    expect(shown).toMatch(/^tenants\.json:4: "kilo" is so already: /);
    expect({ text, code }).toEqual({ text: tenantsText(ROWS), code: 0 });
  });

  test("list filters by tier, state and shard, and sums up", async () => {
    expect((await tenant("list")).out).toBe(
      [
        "id         name   tier        state        shard  resources",
        "acme       Acme   enterprise  active          17         34",
        "kilo       Kilo   standard    suspended        4         31",
        "oscar      Oscar  starter     offboarding      0          0",
        "3 tenants                                                65",
        "",
      ].join("\n"),
    );
    const ids = async (...args: readonly string[]): Promise<readonly string[]> =>
      (JSON.parse((await tenant("list", "--json", ...args)).out) as { id: string }[]).map(({ id }) => id);
    expect(await ids("--tier", "standard")).toEqual(["kilo"]);
    expect(await ids("--state", "offboarding")).toEqual(["oscar"]);
    expect(await ids("--shard", "17")).toEqual(["acme"]);
    expect(await ids("--tier", "standard", "--state", "active")).toEqual([]);
  });

  test("show has all that follows from a row", async () => {
    const { out, code } = await tenant("show", "kilo", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      namespace: "tenant-kilo",
      hosts: ["kilo.taskflow.example.com"],
      iamRole: "taskflow-tenant-kilo",
      databaseRole: "tenant_kilo",
      databaseSchema: "tenant_kilo",
      stack: "tenants-04",
      quota: { requestsCpu: 2, pods: 25 },
      rateClass: "standard",
      requestsPerMinute: 1_200,
      connectionLimit: 6,
      releases: { "task-service": "1.0.0" },
      resources: 31,
      priceUsd: 99,
      line: 4,
    });
    const lines = (await tenant("show", "oscar")).out.split("\n");
    expect(lines).toContain("state            offboarding, data kept until 2027-03-31");
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});
