import { plural, table, wrap } from "../cli/table";
import { styled, type Terminal } from "../cli/terminal";
import type { Pair } from "./connectivity";
import { Connections } from "./connections";
import { someOf } from "./differences";
import type { ReportedFinding } from "./findings";
import type { Judgement } from "./judgement";
import { layersOf, PAIR_LAYERS, type PairLayer } from "./tenant-pairs";

/** The judgement for people. */
export function fleetText(
  judgement: Judgement,
  findings: readonly ReportedFinding[],
  outDir: string,
  terminal: Terminal,
): string {
  const { tenants, platform, notes } = judgement;
  return [
    heading(terminal, `Isolation of ${tenants.length} tenants, judged from ${outDir} alone`),
    pairsTable(judgement),
    "\n",
    findingsText(findings, terminal),
    "\n",
    heading(terminal, "Open between tenants and the platform, each for its reason"),
    ...platform.open.map(({ from, to, connections, tenants: count, reason }) => {
      const some = count === tenants.length ? "" : ` (${count} of ${tenants.length} tenants)`;
      return bullet(`${from} to ${to}, ${connections.toString()}${some}: ${reason}`);
    }),
    "\n",
    heading(terminal, "Stopped by one layer alone, and accepted"),
    ...platform.accepted.map(({ at, from, to, reason }) =>
      bullet(`${at.join(", ")}: ${from.join(", ")} to ${to.join(", ")}: ${reason}`),
    ),
    ...(notes.length === 0 ? [] : ["\n", heading(terminal, "Notes"), ...notes.map((note) => bullet(note))]),
  ].join("");
}

/** The judgement for programs. */
export function fleetData(judgement: Judgement, findings: readonly ReportedFinding[], withPairs: boolean): unknown {
  const { tenants, pairs, platform, notes } = judgement;
  return {
    tenants: tenants.length,
    pairs: {
      judged: pairs.judged,
      layers: byLayers(judgement).map(({ layers, count }) => ({ stoppedBy: layers, pairs: count })),
      exceptions: pairs.exceptions.map(({ from, to, missing, open }) => ({ from, to, missing, open })),
      ...(withPairs ? { list: pairList(judgement) } : {}),
    },
    platform: {
      judged: platform.judged,
      open: platform.open.map(({ from, to, connections, reason, tenants: count }) => ({
        from,
        to,
        allowed: connections,
        reason,
        tenants: count,
      })),
      singleLayer: platform.accepted,
    },
    findings: findings.map(({ location: _, ...finding }) => finding),
    notes,
  };
}

/** Connectivity of plain manifests for people: one line a pair. */
export function connectivityText(pairs: readonly Pair[], terminal: Terminal): string {
  const open = pairs.filter(({ allowed }) => allowed.length > 0).length;
  return [
    ...pairs.map(({ from, to, allowed, decidedBy }) => {
      const by = decidedBy.length === 0 ? "no policy selects either" : decidedBy.join(", ");
      return wrap(`${from} → ${to}: ${connectionsText(allowed)} (${by})`, "");
    }),
    heading(terminal, `${pairs.length} pairs, ${open} of them with an allowed connection`),
  ].join("");
}

function pairsTable(judgement: Judgement): string {
  const rows = byLayers(judgement);
  const [weakest] = judgement.pairs.exceptions.toSorted((left, right) => right.missing.length - left.missing.length);
  return [
    table(
      [{ title: "Pairs", align: "right" }, { title: "Layers", align: "right" }, { title: "Not stopped by" }],
      rows.map(({ layers, count }) => [String(count), String(layers.length), missingText(layers)]),
    ),
    weakest === undefined
      ? wrap(`${judgement.pairs.judged} ordered pairs; each is stopped by ${PAIR_LAYERS.join(", ")}.`, "")
      : wrap(`Weakest pair: ${weakest.from} to ${weakest.to}, not stopped by ${weakest.missing.join(", ")}.`, ""),
  ].join("");
}

function missingText(layers: readonly PairLayer[]): string {
  return PAIR_LAYERS.filter((layer) => !layers.includes(layer)).join(", ") || "–";
}

/** Most layers first. */
function byLayers({ pairs }: Judgement): readonly { readonly layers: readonly PairLayer[]; readonly count: number }[] {
  return [...pairs.byLayers]
    .map(([bits, count]) => ({ bits, layers: layersOf(bits), count }))
    .sort((left, right) => right.layers.length - left.layers.length || right.bits - left.bits)
    .map(({ layers, count }) => ({ layers, count }));
}

function pairList({ tenants, pairs }: Judgement): unknown {
  const exceptions = new Map(pairs.exceptions.map((pair) => [`${pair.from} ${pair.to}`, pair.missing]));
  return tenants.flatMap((from) =>
    tenants
      .filter((to) => to !== from)
      .map((to) => {
        const missing = exceptions.get(`${from} ${to}`) ?? [];
        return { from, to, stoppedBy: PAIR_LAYERS.filter((layer) => !missing.includes(layer)) };
      }),
  );
}

function findingsText(findings: readonly ReportedFinding[], terminal: Terminal): string {
  if (findings.length === 0) {
    return `${styled(terminal, "green", "No findings.")}\n`;
  }
  return [
    `${styled(terminal, "red", plural(findings.length, "finding"))}\n`,
    ...findings.map(({ location, tenants, message }) => {
      const whose = tenants.length === 0 ? "" : `${someOf(tenants)}: `;
      return bullet(`${location === undefined ? "" : `${location}: `}${whose}${message}`);
    }),
  ].join("");
}

function connectionsText(allowed: Pair["allowed"]): string {
  return allowed
    .reduce((sum, { protocol, ports }) => sum.union(Connections.of(protocol, ports)), Connections.none)
    .toString();
}

function heading(terminal: Terminal, text: string): string {
  return `${styled(terminal, "bold", wrap(text, "").trimEnd())}\n`;
}

function bullet(text: string): string {
  return wrap(`- ${text}`, "  ");
}
