import { html, type Html } from "./html";
import type { StackSummary } from "./stack-summary";

interface Node {
  readonly label: string;
  readonly detail: string;
  readonly needs: readonly string[];
  readonly members: readonly string[];
}

interface Placed extends Node {
  readonly x: number;
  readonly y: number;
}

/** Size of the picture's parts, in SVG units. */
const BOX = { width: 168, height: 46 } as const;
const GAP = { x: 72, y: 20 } as const;
const MARGIN = 4;

/**
 * The stacks as a picture: what needs nothing on the left, what needs it to the right. Stacks of one family that need the
 * same, such as the tenants' shards, are one box; an arrow that follows from others is left out.
 */
export function stackGraph(stacks: readonly StackSummary[]): Html {
  const placed = place(nodes(stacks));
  const width = Math.max(0, ...placed.map(({ x }) => x)) + BOX.width + MARGIN;
  const height = Math.max(0, ...placed.map(({ y }) => y)) + BOX.height + MARGIN;
  const byMember = new Map(placed.flatMap((node) => node.members.map((member) => [member, node] as const)));
  return html`<svg
    class="graph"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="Stacks and what each needs"
  >
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
        <path d="M0 0 L8 4 L0 8 z" />
      </marker>
    </defs>
    ${placed.flatMap((node) =>
      node.needs.flatMap((name) => {
        const needed = byMember.get(name);
        return needed === undefined ? [] : [edge(needed, node)];
      }),
    )}${placed.map(box)}
  </svg>`;
}

function nodes(stacks: readonly StackSummary[]): readonly Node[] {
  const families = new Map<string, StackSummary[]>();
  for (const stack of stacks) {
    const family = `${stack.name.replace(/-\d+$/, "")} ${[...stack.dependencies].sort().join(" ")}`;
    families.set(family, [...(families.get(family) ?? []), stack]);
  }
  const needs = new Map(stacks.map(({ name, dependencies }) => [name, dependencies]));
  return [...families.values()].map((members) => {
    const [first] = members as [StackSummary];
    const last = members.at(-1) ?? first;
    const resources = members.reduce((sum, member) => sum + member.resources, 0);
    return {
      label: members.length === 1 ? first.name : `${first.name} … ${last.name.replace(/^.*-/, "")}`,
      detail: `${resources.toLocaleString("en-US")} resources`,
      needs: direct(first.dependencies, needs),
      members: members.map(({ name }) => name),
    };
  });
}

/** Dependencies that no other dependency needs already. */
function direct(dependencies: readonly string[], needs: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const reach = (name: string): readonly string[] => (needs.get(name) ?? []).flatMap((next) => [next, ...reach(next)]);
  const indirect = new Set(dependencies.flatMap(reach));
  return dependencies.filter((name) => !indirect.has(name)).sort();
}

function place(unplaced: readonly Node[]): readonly Placed[] {
  const byMember = new Map(unplaced.flatMap((node) => node.members.map((member) => [member, node] as const)));
  const depth = (node: Node): number =>
    Math.max(
      0,
      ...node.needs.map((name) => {
        const needed = byMember.get(name);
        return needed === undefined ? 0 : depth(needed) + 1;
      }),
    );
  const rows = new Map<number, number>();
  return [...unplaced]
    .sort((a, b) => (a.label < b.label ? -1 : 1))
    .map((node) => {
      const column = depth(node);
      const row = rows.get(column) ?? 0;
      rows.set(column, row + 1);
      return {
        ...node,
        x: MARGIN + column * (BOX.width + GAP.x),
        y: MARGIN + row * (BOX.height + GAP.y),
      };
    });
}

function edge(from: Placed, to: Placed): Html {
  const start = { x: from.x + BOX.width, y: from.y + BOX.height / 2 };
  const end = { x: to.x, y: to.y + BOX.height / 2 };
  const bend = (start.x + end.x) / 2;
  return html`<path
    class="edge"
    d="M${start.x} ${start.y} C${bend} ${start.y} ${bend} ${end.y} ${end.x} ${end.y}"
    marker-end="url(#arrow)"
  /> `;
}

function box({ label, detail, needs, x, y }: Placed): Html {
  const middle = x + BOX.width / 2;
  return html`<g class="stack"
    ><title>${label}: ${detail}${needs.length === 0 ? "" : `; needs ${needs.join(", ")}`}</title>
    <rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" />
    <text x="${middle}" y="${y + 19}">${label}</text
    ><text class="detail" x="${middle}" y="${y + 36}">${detail}</text></g
  > `;
}
