import { readFileSync } from "node:fs";

import { removeFolders, taskflow, tenantsText, temporaryFolder, writeTenants } from "../cli/support";

afterEach(removeFolders);

/** One tenant of each ring, two of ring starter; `green-valley` is in ring early by its hash. */
const ROWS = [
  '{ "id": "acme", "name": "Acme", "tier": "enterprise" }',
  '{ "id": "bravo", "name": "Bravo", "tier": "starter", "shard": 4 }',
  '{ "id": "coda",   "name": "Coda", "tier": "starter", "release": "1.0.0" /* as agreed */ }',
  '{ "id": "green-valley", "name": "Green Valley", "tier": "starter", "state": "suspended" }',
  '{ "id": "juniper-labs", "name": "Juniper Labs", "tier": "starter" }',
  '{ "id": "kilo", "name": "Kilo", "tier": "standard" }',
  '{ "id": "oscar", "name": "O", "tier": "starter", "state": "offboarding", "retainUntil": "2027-03-31" }',
];

/** Runs `taskflow release` on a file and gives what it said and the file after. */
async function release(rows: readonly string[], ...args: readonly string[]) {
  const path = writeTenants(temporaryFolder(), rows);
  const run = await taskflow("release", ...args, "--tenants", path);
  return { ...run, text: readFileSync(path, "utf8"), shown: run.out.replaceAll(/\S*tenants\.json/g, "tenants.json") };
}

/** Rows with fields written into some of them. */
function changed(...edits: readonly (readonly [from: string, to: string])[]): readonly string[] {
  return ROWS.map((row) => edits.reduce((text, [from, to]) => text.replace(from, to), row));
}

const INTERNAL = [
  '"juniper-labs", "name": "Juniper Labs", "tier": "starter"',
  '"juniper-labs", "name": "Juniper Labs", "tier": "starter", "release": "1.1.0"',
] as const;
const EARLY = ['"state": "suspended"', '"state": "suspended", "release": "1.1.0"'] as const;

describe("taskflow release promote", () => {
  test("writes the release into the rows of the first ring, and nothing beside it", async () => {
    const { shown, text, code } = await release(ROWS, "promote", "1.1.0", "--ring", "internal");
    expect(code).toBe(0);
    expect(text).toBe(tenantsText(changed(INTERNAL)));
    expect(shown).toBe(
      'tenants.json:7: "juniper-labs" gets 1.1.0\nring internal: 1 tenant changed, 0 on 1.1.0 already\n',
    );
  });

  test("keeps order, spacing and comments of a ring of several rows", async () => {
    const { text, code } = await release(changed(INTERNAL, EARLY), "promote", "1.1.0", "--ring", "starter");
    expect(code).toBe(0);
    expect(text).toBe(
      tenantsText(
        changed(
          INTERNAL,
          EARLY,
          ['"tier": "starter", "shard": 4', '"tier": "starter", "shard": 4, "release": "1.1.0"'],
          ['"1.0.0" /*', '"1.1.0" /*'],
        ),
      ),
    );
  });

  test("says nothing is to do where the ring has the release", async () => {
    const rows = changed(INTERNAL);
    const { shown, text, code } = await release(rows, "promote", "1.1.0", "--ring", "internal");
    expect({ shown, code }).toEqual({ shown: "ring internal: 0 tenants changed, 1 on 1.1.0 already\n", code: 0 });
    expect(text).toBe(tenantsText(rows));
  });

  test("refuses to skip a ring: each tenant that waits is named, and nothing is written", async () => {
    const rows = changed(INTERNAL);
    const { shown, text, code } = await release(rows, "promote", "1.1.0", "--ring", "standard");
    expect(code).toBe(1);
    expect(text).toBe(tenantsText(rows));
    const findings = shown.replaceAll("\n  ", " ");
    for (const place of [
      '6:5: "green-valley" of ring early',
      '4:5: "bravo" of ring starter',
      '5:5: "coda" of ring starter',
    ]) {
      expect(findings).toContain(`tenants.json:${place} runs 1.0.0; allowed: 1.1.0, before ring standard gets it`);
    }
    expect(findings).not.toContain("juniper-labs");
    expect(shown).toMatch(/nothing written\n$/);
  });

  test("refuses a ring of which a part has the release", async () => {
    const bravo = ['"shard": 4', '"shard": 4, "release": "1.1.0"'] as const;
    const { out, code } = await release(changed(INTERNAL, EARLY, bravo), "promote", "1.1.0", "--ring", "standard");
    expect(code).toBe(1);
    expect(out).toContain('"coda"');
    expect(out).not.toContain('"bravo"');
  });

  test.each([
    [["promote", "1 0", "--ring", "internal"], "allowed: an image tag: letters, digits, _ . -, at most 128"],
    [["promote", "1.1.0", "--ring", "outer"], "Allowed choices are internal, early, starter, standard, enterprise"],
    [["promote", "1.1.0"], "required option '--ring <name>' not specified"],
  ])("%j is usage", async (args, message) => {
    const { error, text, code } = await release(ROWS, ...args);
    expect(code).toBe(2);
    expect(error).toContain(message);
    expect(text).toBe(tenantsText(ROWS));
  });
});

describe("taskflow release rollback", () => {
  test("brings a ring back in one command, whatever the others run", async () => {
    const rows = changed(INTERNAL, EARLY);
    const { text, code } = await release(rows, "rollback", "1.0.0", "--ring", "early");
    expect(code).toBe(0);
    expect(text).toBe(
      tenantsText(changed(INTERNAL, ['"state": "suspended"', '"state": "suspended", "release": "1.0.0"'])),
    );
  });
});

describe("taskflow release status", () => {
  test("counts the tenants of each ring by release", async () => {
    const { out, code } = await release(changed(INTERNAL, ['"1.0.0" /*', '"2.0.0" /*']), "status");
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "ring        tenants  releases",
        "internal          1  1.1.0 × 1",
        "early             1  1.0.0 × 1",
        "starter           2  1.0.0 × 1, 2.0.0 × 1",
        "standard          1  1.0.0 × 1",
        "enterprise        1  1.0.0 × 1",
        "",
      ].join("\n"),
    );
  });

  test("gives the ids as JSON", async () => {
    const { out } = await release(ROWS, "status", "--json");
    expect(JSON.parse(out)).toContainEqual({ ring: "starter", tenants: ["bravo", "coda"], releases: { "1.0.0": 2 } });
  });
});
