import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Environment } from "../../config";
import type { Tenant } from "../../tenancy";
import type { BriefComparison, CostReport } from "../cost/report";
import { byBinding, type Headroom } from "../limits/headroom";
import { Html, html, jsonForScript } from "./html";
import { type IsolationMatrix, pairsByLayers, runLengths, weakPairs } from "./isolation-matrix";
import { costSection, fleetSection, headroomSection, money, tiles, whole } from "./sections";
import { stackGraph } from "./stack-graph";
import type { StackSummary } from "./stack-summary";

/** Weak pairs that are listed by name; the picture has all. */
const LISTED_PAIRS = 50;

/** What the page tells of. */
export interface ReportData {
  readonly environment: Environment;
  /** Sorted by id. */
  readonly tenants: readonly Tenant[];
  readonly cost: CostReport;
  readonly brief: BriefComparison;
  readonly limits: readonly Headroom[];
  readonly isolation: IsolationMatrix;
  readonly stacks: readonly StackSummary[];
}

/**
 * The page: one file that loads nothing and runs nothing but its own script, which its policy names by hash. The same data
 * gives the same bytes.
 */
export function page(data: ReportData): string {
  const style = asset("style.css");
  const script = asset("script.js");
  const policy = [
    "default-src 'none'",
    `style-src '${hash(style)}'`,
    `script-src '${hash(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const title = `${data.environment.cluster.name} ${data.environment.name}`;
  const sections = ["fleet", "cost", "headroom", "isolation", "stacks"];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Html(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${element("style", style)}
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <nav aria-label="Sections">${sections.map((id) => html`<a href="#${id}">${id}</a> `)}</nav>
        </header>
        <main>
          ${summary(data)} ${fleetSection(data.tenants, data.cost)} ${costSection(data.cost, data.brief)}
          ${headroomSection(data.limits)} ${isolationSection(data.isolation)}
          <section id="stacks">
            <h2>Stacks</h2>
            <p>An arrow leads from what is needed to what needs it.</p>
            <div class="wide" tabindex="0">${stackGraph(data.stacks)}</div>
          </section>
        </main>
        <script type="application/json" id="matrix-data">
          ${jsonForScript({
            tenants: data.isolation.tenants,
            layers: data.isolation.layers,
            runs: runLengths(data.isolation),
          })}
        </script>
        ${element("script", script)}
      </body>
    </html> `.text;
}

function summary({ tenants, cost, limits, isolation, stacks }: ReportData): Html {
  const [next] = byBinding(limits);
  const notable = limits.filter(({ level }) => level !== "ok");
  const thin = weakPairs(isolation).length;
  const worst = notable.some(({ level }) => level === "finding") ? "finding" : notable.length > 0 ? "warning" : "ok";
  return tiles([
    { name: "tenants", value: whole(tenants.length) },
    { name: "cost a month", value: `$${whole(cost.net)}` },
    { name: "a tenant", value: tenants.length === 0 ? "–" : `$${money(cost.net / tenants.length)}` },
    { name: "margin", value: `$${whole(cost.margin).replace("-", "−")}`, level: cost.margin < 0 ? "warning" : "ok" },
    { name: "limits at 80 % or more", value: whole(notable.length), level: worst },
    ...(next?.bindsAt === undefined
      ? []
      : [{ name: `first limit: ${next.name}`, value: `at ${whole(next.bindsAt)} tenants` }]),
    { name: "pairs that lack a layer", value: whole(thin), level: thin > 0 ? "finding" : "ok" },
    { name: "resources", value: whole(stacks.reduce((sum, { resources }) => sum + resources, 0)) },
  ]);
}

function isolationSection(matrix: IsolationMatrix): Html {
  const counts = pairsByLayers(matrix);
  return html`<section id="isolation">
    <h2>Isolation</h2>
    <p>
      Rows send, columns receive; the colour tells how many layers stop the pair. Drag or use the arrow keys to move,
      wheel, <kbd>+</kbd> and <kbd>−</kbd> to zoom, <kbd>0</kbd> for the whole, <kbd>Enter</kbd> to bring the pair into
      the middle.
    </p>
    <p class="controls">
      <label
        >Find <input type="search" id="matrix-search" list="tenant-ids" autocomplete="off" placeholder="tenant"
      /></label>
      <datalist id="tenant-ids">${matrix.tenants.map((id) => html`<option value="${id}"></option>`)}</datalist>
      <button type="button" id="zoom-in" aria-label="Zoom in">+</button>
      <button type="button" id="zoom-out" aria-label="Zoom out">−</button>
      <button type="button" id="zoom-reset">Whole</button>
    </p>
    <canvas
      id="matrix"
      tabindex="0"
      role="application"
      aria-label="Isolation of ${matrix.tenants.length} tenants from each other"
      aria-describedby="pair"
    ></canvas>
    <p><output id="pair" aria-live="polite">${matrix.tenants.length} × ${matrix.tenants.length}</output></p>
    <ul class="legend">
      ${counts.map(
        ({ layers, pairs }) =>
          html`<li>
            <span class="swatch ${swatch(layers, matrix.layers.length)}"></span>${layers}
            ${layers === 1 ? "layer" : "layers"}: ${whole(pairs)} pairs
          </li>`,
      )}
    </ul>
    <p>Layers: ${matrix.layers.join(", ")}.</p>
    ${weakList(matrix)}
  </section>`;
}

/** Colour of a pair, as the script has it too: nothing missing, one, two, more, or no layer left. */
function swatch(layers: number, all: number): string {
  return `lacks-${layers === 0 ? 4 : Math.min(all - layers, 3)}`;
}

/** Pairs that lack a layer, each a button that shows it in the picture. */
function weakList(matrix: IsolationMatrix): Html {
  const weak = weakPairs(matrix);
  if (weak.length === 0) {
    return html``;
  }
  const listed = weak.slice(0, LISTED_PAIRS);
  const more = weak.length - listed.length;
  return html`<h3>Pairs that lack a layer</h3>
    <ol class="weak">
      ${listed.map(
        ({ row, column, missing }) =>
          html`<li>
            <button type="button" data-row="${row}" data-column="${column}">
              ${matrix.tenants[row] ?? ""} → ${matrix.tenants[column] ?? ""}
            </button>
            ${missing.length === matrix.layers.length ? "nothing stops it" : `without ${missing.join(", ")}`}
          </li>`,
      )}
    </ol>
    ${more > 0 ? `and ${whole(more)} more` : ""}`;
}

/** An element whose text is to the letter what its hash was made of. */
function element(name: "style" | "script", text: string): Html {
  return new Html(`<${name}>${text}</${name}>`);
}

function asset(name: string): string {
  return readFileSync(join(__dirname, "assets", name), "utf8");
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
