import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHARTS, KUBERNETES_VERSION } from "../../../config";
import { ENVOY_VERSION } from "../engines/envoy";
import { goModule, requiredVersion } from "../engines/go";
import { markdownTable, withoutFigures } from "../page";
import { Run } from "../run";

/** One figure beside what is shipped for it. */
export interface CapacityRow {
  readonly what: string;
  /** Figures that differ from run to run as `measured` gives them. */
  readonly seen: string;
  /** @default - nothing is shipped that it could be held against */
  readonly shipped?: string;
}

export interface CapacityPage {
  readonly tenants: number;
  readonly services: number;
  readonly pods: number;
  readonly rows: readonly CapacityRow[];
}

const PAGE = join(__dirname, "../../../docs/capacity.md");

const recordPath = (): string => join(Run.current().folder, "capacity.json");

/** Keeps what the page will say until all of the run has passed. */
export function recordCapacity(content: CapacityPage): void {
  writeFileSync(recordPath(), JSON.stringify(content));
}

/** What this run has recorded, if it came so far. */
export function recordedCapacity(): CapacityPage | undefined {
  return existsSync(recordPath()) ? (JSON.parse(readFileSync(recordPath(), "utf8")) as CapacityPage) : undefined;
}

/** Writes the page, unless all that would change in it are the date and measured figures. */
export function writeCapacityPage(content: CapacityPage): void {
  const text = page(content, new Date().toISOString().slice(0, 10));
  if (!existsSync(PAGE) || lasting(readFileSync(PAGE, "utf8")) !== lasting(text)) {
    writeFileSync(PAGE, text);
  }
}

/** The page without what differs from run to run. */
function lasting(text: string): string {
  return withoutFigures(text.replace(/^Run on .*$/m, ""));
}

function page({ tenants, services, pods, rows }: CapacityPage, date: string): string {
  const go = (module: string, path: string): string => requiredVersion(goModule(module), path);
  const versions = [
    ["Kubernetes API server", `${go("kubernetes", "k8s.io/kubernetes")} (production: ${KUBERNETES_VERSION})`],
    ["istiod, pilot-agent", `${go("istio", "istio.io/istio")} (production: ${CHARTS.istiod.version})`],
    ["Envoy", `${ENVOY_VERSION} of PyPI, without Istio's own filters`],
  ];
  return [
    "# Capacity: a full fleet in one control plane",
    "",
    "Written by `npm run test:conformance:scale`, which fails if a request is below what was measured. A real API server,",
    `istiod, gateway and sidecars on one machine of two cores; in it ${tenants} tenants as \`npm run synth\` wrote them, with`,
    `${services.toLocaleString("en")} Services and ${pods.toLocaleString("en")} pods.`,
    "",
    `Run on ${date}.`,
    "",
    ...markdownTable(["engine", "version"], versions),
    "",
    "## What was measured, and what is shipped",
    "",
    "_Own_ memory is what a container's programs allocate for themselves: its request must hold that. _Resident_ memory counts the",
    "pages of the programs' files too, which the pods of a node share and the kernel charges to the first of them: the limit must",
    "hold that. A proxy's figures are of pilot-agent and Envoy together. Times begin when the change is sent to the API server.",
    "",
    ...markdownTable(
      ["figure", "measured", "shipped (requests, limits)"],
      rows.map(({ what, seen, shipped = "" }) => [what, seen, shipped]),
    ),
    "",
    "## What was there, and what was not",
    "",
    "- Of a tenant: namespace, service accounts, Services, VirtualService, DestinationRule, AuthorizationPolicies, and the pods that",
    "  its Deployments ask for. Not written: network policies, quotas, autoscalers, dashboards, which istiod does not read.",
    "- Pods are objects with addresses where nothing listens. Live proxies: the six whose memory is above, not 3,000. What istiod",
    "  needs for so many connections, and a proxy for its traffic, is not in these figures.",
    "- A Service has three clusters where the DestinationRule of its tenant is known: the whole, and each of two subsets.",
    "- Envoy here has no `istio.stats` filter, whose metrics grow with a proxy's traffic.",
    "- Times were measured on a machine that also ran everything else. No bound is set on them.",
    "",
  ].join("\n");
}
