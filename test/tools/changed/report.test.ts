import { ENVIRONMENTS } from "../../../config";
import { parseTenants } from "../../../tenancy";
import type { Output } from "../../../tools/changed/compare";
import { reportMarkdown } from "../../../tools/changed/markdown";
import { reportChanges } from "../../../tools/changed/report";
import { reportText } from "../../../tools/changed/text";
import { rowChanges, rowsById } from "../../../tenancy/rows";
import type { JsonObject } from "../../../tools/manifests/json";
import { fakeTerminal, tenantsText } from "../cli/support";
import { output, stack, tenantResources } from "./support";

const environment = ENVIRONMENTS.production;

const row = (id: string, fields = ""): string =>
  `{ "id": "${id}", "name": "N", "tier": "starter", "shard": 0${fields} }`;

interface Scenario {
  readonly rows: readonly [before: readonly string[], after: readonly string[]];
  readonly stacks: readonly [before: Output, after: Output];
  readonly sharedFiles?: readonly string[];
}

function report({ rows, stacks, sharedFiles = [] }: Scenario) {
  const before = rowsById(tenantsText(rows[0]), environment);
  const after = rowsById(tenantsText(rows[1]), environment);
  return reportChanges({
    base: "main",
    before: stacks[0],
    after: stacks[1],
    fleet: parseTenants(tenantsText(rows[1]), environment, "tenants.json"),
    sharedFiles,
    rows: {
      baseFile: "main:tenants.json",
      file: "tenants.json",
      before,
      after,
      changes: rowChanges(before, after),
    },
  });
}

const fleet = (tenants: Readonly<Record<string, number>>, rest: JsonObject = {}): Output =>
  output({
    "tenants-00": {
      ...rest,
      ...stack(
        Object.entries(tenants)
          .map(([id, pods]) => tenantResources(id, pods))
          .reduce<Record<string, JsonObject>>((all, one) => {
            for (const [type, byName] of Object.entries(one)) {
              all[type] = { ...all[type], ...byName };
            }
            return all;
          }, {}),
      ),
    },
  });

const grown: Scenario = {
  rows: [
    [row("acme"), row("beta")],
    [row("acme"), row("beta", ', "overrides": { "quota": { "pods": 20 } }')],
  ],
  stacks: [fleet({ acme: 10, beta: 10 }), fleet({ acme: 10, beta: 20 })],
};

/** The same in a second region. */
const inBoth = (stacks: Output): Output =>
  new Map([...stacks].flatMap(([name, one]) => [[name, one] as const, [`dr-${name}`, one] as const]));

describe("reportChanges of two regions", () => {
  test("a row that changes its own tenant in both has no finding, and each change says where", () => {
    const result = report({ ...grown, stacks: [inBoth(grown.stacks[0]), inBoth(grown.stacks[1])] });
    expect(result.findings).toEqual([]);
    expect(result.stacks).toEqual(["dr-tenants-00", "tenants-00"]);
    const address = "kubernetes_resource_quota_v1.tenant-beta_quota_21F924A3";
    const text = reportText(result, fakeTerminal());
    expect(text).toContain("beta tenants.json:4 (row changed), dr-tenants-00, tenants-00\n");
    expect(text).toContain(`  ~ second region: ${address}\n`);
    expect(text).toContain(`  ~ ${address}\n`);
    expect(reportMarkdown(result)).toContain(`! changed second region: ${address}\n`);
  });

  test("a row that touches another tenant in the second alone is a finding at that row", () => {
    const other = (acme: number, pods: number): Output =>
      new Map([...fleet({ beta: pods }), ...[...fleet({ acme })].map(([, one]) => ["dr-tenants-01", one] as const)]);
    const rows = (fields: string) => [row("acme"), row("beta", fields), row("coda", fields).replace(": 0", ": 1")];
    const edited = rows(', "overrides": { "quota": { "pods": 20 } }');
    const { findings } = report({ rows: [rows(""), edited], stacks: [other(10, 10), other(11, 20)] });
    expect(findings).toMatchObject([{ line: 5, message: expect.stringContaining('touches tenant "acme"') as unknown }]);
  });

  test("tenants to whom the same happens in different regions are no group", () => {
    const apart = (pods: number): Output =>
      new Map([
        ...fleet({ acme: pods }),
        ...[...fleet({ beta: pods })].map(([, one]) => ["dr-tenants-00", one] as const),
      ]);
    const rows = [grown.rows[0], grown.rows[0]] as const;
    const result = report({ rows, sharedFiles: ["config/tiers.ts"], stacks: [apart(10), apart(20)] });
    const text = reportText(result, fakeTerminal());
    expect(text).toContain("acme tenants.json:3 (row is the same), tenants-00\n");
    expect(text).toContain("beta tenants.json:4 (row is the same), dr-tenants-00\n");
  });

  test("what a promoted copy was told goes without a word to the database", () => {
    const copy = (scope?: string): Output =>
      output({
        "dr-tenants-00": stack(
          scope === undefined ? {} : { aws_lambda_invocation: { "tenant-acme_database": { lifecycle_scope: scope } } },
        ),
      });
    const rows = [grown.rows[0], grown.rows[0]] as const;
    const findings = (scope: string) => report({ rows, stacks: [copy(scope), copy()] }).findings;
    expect(findings("CREATE_ONLY")).toEqual([]);
    expect(findings("CRUD")).toHaveLength(1);
  });
});

describe("reportChanges", () => {
  test("a row that changes its own tenant alone has no finding", () => {
    const { findings, stacks, counts, tenants } = report(grown);
    expect(findings).toEqual([]);
    expect(stacks).toEqual(["tenants-00"]);
    expect(counts).toEqual({ added: 0, changed: 1, replaced: 0, removed: 0 });
    expect(tenants).toMatchObject([{ id: "beta", row: "changed", place: "tenants.json:4" }]);
  });

  test("a row that touches another tenant is a finding at that row", () => {
    const { findings } = report({ ...grown, stacks: [grown.stacks[0], fleet({ acme: 11, beta: 20 })] });
    expect(findings).toEqual([
      {
        file: "tenants.json",
        line: 4,
        column: 5,
        message:
          'the change of "beta" touches tenant "acme", whose row is the same: ' +
          "kubernetes_resource_quota_v1.tenant-acme_quota_21F924A3",
      },
    ]);
  });

  test("a row that changes what its shard shares is a finding; a data source that comes with it is none", () => {
    const withLocals = (locals: JsonObject): Output => fleet({ acme: 10, beta: 20 }, { locals });
    const before = fleet({ acme: 10, beta: 10 }, { locals: { name: "a" } });
    const { findings } = report({ ...grown, stacks: [before, withLocals({ name: "b" })] });
    expect(findings.map(({ message }) => message)).toEqual([
      'the change of "beta" touches the shared part of stack tenants-00: local.name',
    ]);
    const read = fleet({ acme: 10, beta: 20 }, { locals: { name: "a" }, data: { aws_region: { here: {} } } });
    expect(report({ ...grown, stacks: [before, read] }).findings).toEqual([]);
  });

  test("where code changes, others are touched by it, and that is said", () => {
    const shared = { ...grown, rows: [grown.rows[0], grown.rows[0]] as const, sharedFiles: ["config/tiers.ts"] };
    const result = report({ ...shared, stacks: [grown.stacks[0], fleet({ acme: 20, beta: 20 })] });
    expect(result.findings).toEqual([]);
    const text = reportText(result, fakeTerminal());
    expect(text).toContain("shared change (config/tiers.ts): touches 2 tenants whose row is the same\n");
    expect(text).toContain("2 tenants (row is the same): acme tenants.json:3, beta tenants.json:4; each\n");
    expect(text.match(/spec\.hard\.pods: 10 → 20/g)).toHaveLength(1);
  });

  test("tenants to whom the same happens are one group, though their names stand in it", () => {
    const dashboards = (title: string): Output =>
      output({
        "tenants-00": stack({
          kubernetes_config_map_v1: {
            "tenant-acme_dashboard_D9843CD4": { data: { "tenant-acme.json": `{"title":"${title}"}` } },
            "tenant-beta_dashboard_FD5B9899": { data: { "tenant-beta.json": `{"title":"${title}"}` } },
          },
        }),
      });
    const rows = [grown.rows[0], grown.rows[0]] as const;
    const text = reportText(
      report({ rows, sharedFiles: ["config/tiers.ts"], stacks: [dashboards("a"), dashboards("b")] }),
      fakeTerminal(),
    );
    expect(text).toContain("2 tenants (row is the same): acme tenants.json:3, beta tenants.json:4; each\n");
    expect(text.match(/"a" → "b"/g)).toHaveLength(1);
  });

  test("where rows and code change together, it says that they cannot be told apart", () => {
    const result = report({
      ...grown,
      sharedFiles: ["main.ts"],
      stacks: [grown.stacks[0], fleet({ acme: 20, beta: 20 })],
    });
    expect(result.findings).toEqual([]);
    expect(reportText(result, fakeTerminal()).replaceAll("\n  ", " ")).toContain(
      "touches 1 tenant whose row is the same; rows change too, so which of both touched a tenant cannot be told: split them",
    );
  });

  test("a tenant's database that goes is a finding, unless the tenant is offboarded", () => {
    const stacks = [grown.stacks[0], fleet({ acme: 10 })] as const;
    const vanished = report({ rows: [grown.rows[0], [row("acme")]], stacks });
    expect(vanished.findings).toEqual([
      {
        file: "main:tenants.json",
        line: 4,
        column: 5,
        message:
          "tenants-00: aws_lambda_invocation.tenant-beta_database_01350EC7 would be destroyed, which archives the schema " +
          'of "beta"; offboard it instead',
      },
    ]);
    const offboarded = row("beta", ', "state": "offboarding", "retainUntil": "2027-01-01"');
    expect(report({ rows: [grown.rows[0], [row("acme"), offboarded]], stacks }).findings).toEqual([]);
  });

  test.each([
    ["removed", {}, "aws_kms_key.data holds state and would be destroyed (removed)"],
    ["unguarded", { aws_kms_key: { data: {} } }, "aws_kms_key.data loses prevent_destroy"],
  ])("state that is %s is a finding whatever caused it", (_, after, message) => {
    const guarded = stack({ aws_kms_key: { data: { lifecycle: { prevent_destroy: true } } } });
    const { findings } = report({
      rows: [[], []],
      stacks: [output({ rds: guarded }), output({ rds: stack(after) })],
      sharedFiles: ["constructs/database/database.ts"],
    });
    expect(findings).toEqual([{ message: `rds: ${message}` }]);
  });

  test("a stack that vanishes is a finding: nobody would manage what it made", () => {
    const { findings, plan } = report({
      rows: [[], []],
      stacks: [output({ vpc: {}, dr: stack({ aws_vpc: { a: {} } }) }), output({ vpc: {} })],
    });
    expect(findings.map(({ message }) => message)).toEqual([
      "stack dr vanishes from the output; what it made would stay, with nobody to manage it",
    ]);
    expect(plan).toEqual([]);
  });
});

describe("the report for people", () => {
  test("shows each resource with what differs, and the order of the applies", () => {
    expect(reportText(report(grown), fakeTerminal())).toBe(
      [
        "since main: 1 stack, 1 tenant; resources: 0 added, 1 changed, 0 replaced, 0 removed",
        "",
        "beta tenants.json:4 (row changed), tenants-00",
        "  ~ kubernetes_resource_quota_v1.tenant-beta_quota_21F924A3",
        "      spec.hard.pods: 10 → 20",
        "",
        "applied in this order",
        "  starter: tenants-00",
        "",
      ].join("\n"),
    );
  });

  test("of long values shows where they begin to differ, within 100 columns", () => {
    const role = (end: string): Output =>
      output({ iam: stack({ aws_iam_role: { ci: { description: `${"same ".repeat(40)}${end}` } } }) });
    const text = reportText(report({ rows: [[], []], stacks: [role("reads"), role("writes")] }), fakeTerminal());
    expect(text).toContain('      description: …same reads" → …same writes"\n');
    expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
  });

  test("says in one line that nothing differs", () => {
    const same = { ...grown, stacks: [grown.stacks[0], grown.stacks[0]] as const };
    expect(reportText(report(same), fakeTerminal())).toBe("no difference to main\n");
    expect(reportMarkdown(report(same))).toBe("No difference to `main`.\n");
  });

  test("names first what somebody has to apply by hand", () => {
    const local = (name: string): JsonObject => ({ terraform: { backend: { local: {} } }, locals: { name } });
    const result = report({
      rows: [[], []],
      stacks: [output({ bootstrap: local("a") }), output({ bootstrap: local("b") })],
      sharedFiles: ["config/platform.ts"],
    });
    expect(reportText(result, fakeTerminal())).toMatch(/\napplied in this order\n {2}by hand: bootstrap\n$/);
    expect(reportMarkdown(result)).toContain("To be applied by hand: `bootstrap`.\n");
  });
});

describe("the report for a pull request", () => {
  test("leads with the figures and says whose resources are destroyed, and why", () => {
    const offboarded = row("beta", ', "state": "offboarding", "retainUntil": "2027-01-01"');
    const markdown = reportMarkdown(
      report({ rows: [grown.rows[0], [row("acme"), offboarded]], stacks: [grown.stacks[0], fleet({ acme: 10 })] }),
    );
    expect(markdown).toContain("| 1 | 1 | 0 | 0 | 0 | 2 |\n");
    expect(markdown).toContain("**Destroys: 2** – beta (row changed)\n");
    expect(markdown).toContain("- removed aws_lambda_invocation.tenant-beta_database_01350EC7\n");
    expect(markdown).toContain("<details><summary><code>beta</code>, row changed: 2</summary>\n\n```diff\n");
  });

  test("a change without destroys says 0", () => {
    expect(reportMarkdown(report(grown))).toContain("**Destroys: 0**\n");
  });
});
