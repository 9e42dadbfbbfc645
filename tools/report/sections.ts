import { TIER_NAMES } from "../../config";
import { type Tenant, TENANT_STATES } from "../../tenancy";
import type { BriefComparison, CostReport } from "../cost/report";
import { byBinding, type Headroom, HORIZON } from "../limits/headroom";
import { html, type Html } from "./html";

/** Limits that the page names as next to bind. */
const NEXT = 5;

/** Width of a bar's whole, in SVG units. */
const BAR = 120;

/** A table; cells of the columns that are named stand at the right. */
function table(
  head: readonly string[],
  numbers: readonly number[],
  rows: readonly (readonly (string | Html)[])[],
): Html {
  const kind = (index: number): string => (numbers.includes(index) ? "number" : "word");
  return html`<div class="wide" tabindex="0">
    <table>
      <thead>
        <tr>
          ${head.map((title, index) => html`<th scope="col" class="${kind(index)}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, index) => html`<td class="${kind(index)}">${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Tenants by tier and state, then each with its place, cost and margin. */
export function fleetSection(tenants: readonly Tenant[], cost: CostReport): Html {
  const count = (tier: string, state: string): number =>
    tenants.filter((tenant) => tenant.tier.name === tier && tenant.state === state).length;
  const costs = new Map(cost.tenants.map((one) => [one.id, one]));
  return html`<section id="fleet">
    <h2>Fleet</h2>
    ${table(
      ["tier", ...TENANT_STATES, "all"],
      [1, 2, 3, 4, 5],
      TIER_NAMES.map((tier) => [
        tier,
        ...TENANT_STATES.map((state) => String(count(tier, state))),
        String(tenants.filter((tenant) => tenant.tier.name === tier).length),
      ]),
    )}
    <details>
      <summary>All ${tenants.length} tenants</summary>
      <p>
        <label>Filter <input type="search" id="tenant-filter" autocomplete="off" /></label>
        <output id="tenant-count" for="tenant-filter"></output>
      </p>
      <div id="tenants">
        ${table(
          ["tenant", "name", "tier", "state", "shard", "pods", "cost", "price", "margin"],
          [4, 5, 6, 7, 8],
          tenants.map((tenant) => {
            const own = costs.get(tenant.id);
            return [
              tenant.id,
              tenant.name,
              tenant.tier.name,
              tenant.state,
              String(tenant.shard),
              String(own?.pods ?? 0),
              money(own?.total ?? 0),
              money(own?.price ?? 0),
              signed(own?.margin ?? 0),
            ];
          }),
        )}
      </div>
    </details>
  </section>`;
}

/** What the month costs, by line and tier, and the brief's table beside it. */
export function costSection(cost: CostReport, brief: BriefComparison): Html {
  const most = Math.max(...cost.lines.map(({ net }) => net));
  return html`<section id="cost">
    <h2>Cost</h2>
    <p>US dollars a month, on demand in Tokyo; <em>net</em> is after the savings that the settings have already.</p>
    ${table(
      ["tier", "active", "cost", "revenue", "margin", "per tenant"],
      [1, 2, 3, 4, 5],
      cost.tiers.map(({ tier, tenants, total, price, margin, perTenant }) => [
        tier,
        String(tenants),
        money(total),
        money(price),
        signed(margin),
        perTenant === undefined ? "–" : money(perTenant),
      ]),
    )}
    <h3>Lines</h3>
    ${table(
      ["line", "USD", "net", ""],
      [1, 2],
      cost.lines.map(({ name, usd, net }) => [name, money(usd), money(net), bar(net / most, "ok")]),
    )}
    <h3>Savings</h3>
    ${table(
      ["saving", "USD", "", "computed from", "risk"],
      [1],
      cost.savings.map(({ name, usd, inForce, basis, risk }) => [
        name,
        money(usd),
        inForce ? "on" : "off",
        basis,
        risk,
      ]),
    )}
    <h3>The brief's table, and ours for ${brief.tenants} tenants at today's mix</h3>
    ${table(
      ["line", "brief", "ours", "why"],
      [1, 2],
      brief.lines.map(({ name, brief: theirs, ours, reason }) => [name, money(theirs), money(ours), reason]),
    )}
  </section>`;
}

/** Where the fleet stands against each limit. */
export function headroomSection(limits: readonly Headroom[]): Html {
  const next = byBinding(limits).slice(0, NEXT);
  const at = (bindsAt: number | undefined): string => (bindsAt === undefined ? `> ${whole(HORIZON)}` : whole(bindsAt));
  return html`<section id="headroom">
    <h2>Headroom</h2>
    <p>Next to bind, at today's mix of tenants:</p>
    <ol>
      ${next.map(({ name, bindsAt }) => html`<li><b>${at(bindsAt)}</b> tenants: ${name}</li>`)}
    </ol>
    ${table(
      ["limit", "drawn by", "used", "of", "unit", "share", "", "full at", "source"],
      [2, 3, 5, 7],
      limits.map(({ name, owner, used, value, unit, share, level, bindsAt, source }) => [
        name,
        owner,
        whole(used),
        whole(value),
        unit,
        `${Math.floor(share * 100)} %`,
        bar(share, level),
        at(bindsAt),
        source,
      ]),
    )}
  </section>`;
}

/** Figures that stand on top of the page. */
export function tiles(
  figures: readonly { readonly name: string; readonly value: string; readonly level?: string }[],
): Html {
  return html`<dl class="tiles">
    ${figures.map(
      ({ name, value, level = "ok" }) =>
        html`<div class="${level}">
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function bar(share: number, level: Headroom["level"]): Html {
  const width = (Math.min(Math.max(share, 0), 1) * BAR).toFixed(1);
  return html`<svg class="bar ${level}" width="${BAR}" height="10" aria-hidden="true">
    <rect class="whole" width="${BAR}" height="10" rx="3" />
    <rect class="part" width="${width}" height="10" rx="3" />
  </svg>`;
}

/** `1,234.50`. */
export function money(usd: number): string {
  return usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** `1,234`. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** An amount whose sign reads as one, and never as a hyphen. */
function signed(usd: number): string {
  return usd < 0 ? `−${money(-usd)}` : money(usd);
}
