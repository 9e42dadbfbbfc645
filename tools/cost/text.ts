import type { Environment } from "../../config";
import type { Finding } from "../cli/finding";
import { type Column, MAX_COLUMNS, table, wrap } from "../cli/table";
import { styled, type Terminal } from "../cli/terminal";
import { type CostParts, type TenantCost, WEIGHTS } from "./allocation";
import type { BriefComparison, CostDifference, CostReport } from "./report";

/** Tenants that the report lists, those with the lowest margin first; `--json` has all. */
const LISTED_TENANTS = 12;

const right = (title: string): Column => ({ title, align: "right" });

const PARTS: readonly (keyof CostParts)[] = ["compute", "database", "traffic", "platform"];

const LINE_COLUMNS: readonly Column[] = [
  { title: "line" },
  right("quantity"),
  { title: "unit" },
  right("price"),
  right("USD"),
  right("saved"),
  right("net"),
];

const TIER_COLUMNS: readonly Column[] = [
  { title: "tier" },
  right("tenants"),
  ...PARTS.map(right),
  right("total"),
  right("revenue"),
  right("margin"),
  right("per tenant"),
];

const TENANT_COLUMNS: readonly Column[] = [
  { title: "tenant" },
  { title: "tier" },
  ...PARTS.map(right),
  right("total"),
  right("price"),
  right("margin"),
  right("own"),
];

/** What every report begins with. */
export function heading(terminal: Terminal, environment: Environment, { tenants }: CostReport): string {
  const title = styled(terminal, "bold", `${environment.name}: ${tenants.length} tenants`);
  return `${title}, ${environment.region}, on demand, US dollars a month\n`;
}

/** The whole estimate. */
export function costText(terminal: Terminal, report: CostReport, brief: BriefComparison): string {
  const section = (title: string, body: string): string => `${styled(terminal, "bold", title)}\n${body}`;
  return [
    section("Platform, line by line", lineTable(report)),
    section("Savings", savingTable(report)),
    section("By tier", tierTable(report)),
    section(`Tenants, lowest margin first`, tenantTable(report.tenants)),
    section("Shared out", WEIGHTS.map(({ part, by }) => wrap(`${part}: ${by}`, "  ")).join("")),
    section(`The brief's table, and ours for ${brief.tenants} tenants at today's mix`, briefTable(brief)),
    section("Least certain prices", assumptions(report)),
    totals(terminal, report),
  ].join("\n");
}

/** One tenant's part. */
export function tenantText(cost: TenantCost): string {
  const rows = PARTS.map((part) => [part, usd(cost[part]), WEIGHTS.find((one) => one.part === part)?.by ?? ""]);
  return [
    table(
      [{ title: cost.id }, right("USD"), { title: "shared out by" }],
      rows.flatMap(([part = "", amount = "", by = ""]) => folded([part, amount], by, 24)),
    ),
    `total ${usd(cost.total)}, price ${usd(cost.price)}, margin ${usd(cost.margin)}; ` +
      `${usd(cost.own)} would not be spent without it\n`,
  ].join("\n");
}

/** What a change costs. */
export function differenceText(terminal: Terminal, base: string, difference: CostDifference): string {
  const lines = difference.lines.map(({ name, before, after }) => [
    name,
    usd(before),
    usd(after),
    signed(after - before),
  ]);
  const tenants = difference.tenants.map(({ id, before, after }) => [
    id,
    `${before?.tier ?? "–"} → ${after?.tier ?? "–"}`,
    before ? usd(before.total) : "–",
    after ? usd(after.total) : "–",
    signed((after?.price ?? 0) - (before?.price ?? 0)),
  ]);
  return [
    `${styled(terminal, "bold", `Since ${base}`)}: cost ${signed(difference.net)}, revenue ${signed(difference.revenue)}, ` +
      `margin ${signed(difference.revenue - difference.net)} US dollars a month\n`,
    ...(lines.length === 0 ? [] : [table([{ title: "line" }, right("before"), right("after"), right("")], lines)]),
    ...(tenants.length === 0
      ? []
      : [table([{ title: "tenant" }, { title: "tier" }, right("before"), right("after"), right("revenue")], tenants)]),
  ].join("\n");
}

/**
 * Tenants that cost more than they pay, each at its row; one line for the fleet where it does not carry the platform as a
 * whole, for then the fixed costs alone put every small tenant there.
 */
export function lossFindings(
  file: string,
  { tenants, net, revenue, margin }: CostReport,
  positionOf: (id: string) => Required<Pick<Finding, "line" | "column">> | undefined,
): readonly Finding[] {
  if (margin < 0) {
    return [{ file, message: `the fleet costs $${usd(net)} a month and pays $${usd(revenue)}` }];
  }
  return tenants
    .filter((tenant) => tenant.state === "active" && tenant.margin < 0)
    .map(({ id, tier, total, own, price }) => ({
      file,
      ...positionOf(id),
      message: `${id} costs $${usd(total)} a month, $${usd(own)} by itself, and pays $${usd(price)} (tier ${tier})`,
    }));
}

/** Costs, revenue and what is left of it. */
function totals(terminal: Terminal, { gross, net, revenue, margin, tenants }: CostReport): string {
  const each = tenants.length === 0 ? "" : `, ${usd(net / tenants.length)} a tenant`;
  const style = margin < 0 ? "red" : "green";
  return (
    `${usd(gross)} on demand, ${usd(net)} as configured${each}; ` +
    `revenue ${usd(revenue)}, ${styled(terminal, style, `margin ${usd(margin)}`)}\n`
  );
}

function lineTable({ lines, gross, net }: CostReport): string {
  return table(LINE_COLUMNS, [
    ...lines.map(({ name, quantity, price, usd: amount, net: left }) => [
      name,
      count(quantity),
      price.unit,
      price.usd.toString(),
      usd(amount),
      amount === left ? "" : usd(amount - left),
      usd(left),
    ]),
    ["total", "", "", "", usd(gross), usd(gross - net), usd(net)],
  ]);
}

function savingTable({ savings }: CostReport): string {
  return table(
    [{ title: "saving" }, right("USD"), { title: "" }, { title: "computed from" }],
    savings.flatMap(({ name, usd: amount, inForce, basis, risk }) => [
      ...folded([name, usd(amount), inForce ? "on" : "off"], basis, 40),
      ...folded(["", "", ""], `risk: ${risk}`, 40),
    ]),
  );
}

function tierTable({ tiers }: CostReport): string {
  return table(
    TIER_COLUMNS,
    tiers.map((tier) => [
      tier.tier,
      String(tier.tenants),
      ...PARTS.map((part) => whole(tier[part])),
      whole(tier.total),
      whole(tier.price),
      whole(tier.margin),
      tier.perTenant === undefined ? "–" : usd(tier.perTenant),
    ]),
  );
}

function tenantTable(tenants: readonly TenantCost[]): string {
  const listed = [...tenants].sort((a, b) => a.margin - b.margin || (a.id < b.id ? -1 : 1)).slice(0, LISTED_TENANTS);
  const more = tenants.length - listed.length;
  return (
    table(
      TENANT_COLUMNS,
      listed.map((cost) => [
        cost.id,
        cost.tier,
        ...PARTS.map((part) => usd(cost[part])),
        usd(cost.total),
        usd(cost.price),
        usd(cost.margin),
        usd(cost.own),
      ]),
    ) + (more > 0 ? `and ${more} more: --json\n` : "")
  );
}

function briefTable({ lines }: BriefComparison): string {
  const total = (name: string, of: BriefComparison["lines"]): readonly string[] => [
    name,
    ...(["brief", "ours"] as const).map((figure) => whole(of.reduce((sum, line) => sum + line[figure], 0))),
  ];
  const rows = (of: BriefComparison["lines"]): readonly (readonly string[])[] =>
    of.flatMap(({ name, brief, ours, reason }) => folded([name, whole(brief), whole(ours)], reason, 48));
  const gross = lines.filter(({ saving }) => !saving);
  return table(
    [{ title: "line" }, right("brief"), right("ours"), { title: "why" }],
    [
      ...rows(gross),
      total("total", gross),
      ...rows(lines.filter(({ saving }) => saving)),
      total("total after savings", lines),
    ],
  );
}

function assumptions({ lines }: CostReport): string {
  const prices = [...new Set(lines.map(({ price }) => price))].filter(({ confidence }) => confidence === "assumed");
  return prices
    .map(({ what, usd: amount, unit, source }) => wrap(`${what}: ${amount} a ${unit} (${source})`, "  "))
    .join("");
}

/** A row whose last cell goes on below, so that nothing of it is cut. */
function folded(cells: readonly string[], text: string, before: number): readonly (readonly string[])[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= MAX_COLUMNS - before) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.map((line, index) => [...(index === 0 ? cells : cells.map(() => "")), line]);
}

/** US dollars with their cents. */
export function usd(amount: number): string {
  return amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function whole(amount: number): string {
  return Math.round(amount).toLocaleString("en-US");
}

function signed(amount: number): string {
  return `${amount < 0 ? "−" : "+"}${usd(Math.abs(amount))}`;
}

function count(quantity: number): string {
  return quantity.toLocaleString("en-US", { maximumFractionDigits: 0 });
}
