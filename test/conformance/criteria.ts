import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHARTS, KUBERNETES_VERSION } from "../../config";
import { report } from "./engines/cache";
import { ENVOY_VERSION } from "./engines/envoy";
import { goModule, requiredVersion } from "./engines/go";
import { markdownTable, withoutFigures } from "./page";
import { Run } from "./run";

/** What one test file has shown, as a table for a reader who trusts no adjective. */
export interface Section {
  /** One of the page's; see {@link SECTIONS}. */
  readonly id: string;
  readonly title: string;
  /** What was done and how to read the table. */
  readonly text: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Programs that it was shown on, each with its version. @default - those of the mesh */
  readonly engines?: readonly string[];
}

/** Sections in their order, each with the command whose run writes it. */
const SECTIONS = {
  A1: "mesh",
  A2: "mesh",
  A3: "database",
  A4: "mesh",
  A5: "prometheus",
  Onboarding: "mesh",
  Canary: "mesh",
  Failover: "database",
  Regions: "mesh",
  Scale: "scale",
  Validation: "mesh",
} as const;

const PAGE = join(__dirname, "../../docs/conformance.md");

/** Begins the line of a section that differs from run to run. */
const SHOWN = "Shown on ";

const INTRODUCTION = [
  "# Conformance: the acceptance criteria on real engines",
  "",
  "Each section is written by the run that its last line names, and only when all of that run has passed. The programs are",
  "real ones on one machine, those of the mesh with real packets between network namespaces; every object in them is what",
  "`npm run synth` wrote, for the mesh of two tenants of each tier. A figure after ≈ was measured and differs from run to run;",
  "all else is the same in every run, or the test fails. Counter-checks take a protection away and show that the checks beside",
  "them notice.",
  "",
  "What stands in for production in the mesh: kube-router for the VPC CNI's policy agent; Envoy as published for Istio's own",
  "build of it, hence without its statistics filter; Redis for ElastiCache; a small HTTP server for each service's image. There",
  "is no kubelet, so that a pod that fails stays among its Service's endpoints, no load balancer and no firewall.",
  "",
].join("\n");

function folder(): string {
  return join(Run.current().folder, "sections");
}

/** Keeps a section for the page. */
export function record(section: Section): void {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), `${section.id}.json`), JSON.stringify(section));
}

/** What the tests of this run have recorded so far. */
export function recordedSections(): readonly Section[] {
  const names = existsSync(folder()) ? readdirSync(folder()) : [];
  return names.map((name) => JSON.parse(readFileSync(join(folder(), name), "utf8")) as Section);
}

/**
 * Puts sections into the page. One in which the date and measured figures alone would change stays as it is.
 *
 * @throws Error for a section that the page does not have
 */
export function writePage(recorded: readonly Section[]): void {
  const unknown = recorded.find(({ id }) => !(id in SECTIONS));
  if (unknown !== undefined) {
    throw new Error(`docs/conformance.md has no section ${unknown.id}; it has ${Object.keys(SECTIONS).join(", ")}`);
  }
  const present = existsSync(PAGE) ? sectionsIn(readFileSync(PAGE, "utf8")) : new Map<string, string>();
  const date = new Date().toISOString().slice(0, 10);
  const texts = Object.entries(SECTIONS).map(([id, suite]) => {
    const old = present.get(id);
    const section = recorded.find((candidate) => candidate.id === id);
    const text = section === undefined ? (old ?? absent(id, suite)) : render(section, suite, date);
    return old !== undefined && lasting(old) === lasting(text) ? old : text;
  });
  writeFileSync(PAGE, [INTRODUCTION, ...texts].join("\n"));
}

/** What jest's command line says to a tear-down. */
export interface TeardownOptions {
  /** `-t`. @default - every test ran */
  readonly testNamePattern?: string;
}

/**
 * Ends a run: keeps what it has left, and says where, if anything failed, and else removes that and writes down what was
 * shown. A run of some tests of a file (`-t`) has not shown all that its sections say.
 *
 * @param left - what is kept after a failure, in words
 * @param write - @default - puts the sections into the page
 * @param close - closes the run; gives a path after a failure. @default - the run's own
 */
export function endRun(
  { testNamePattern }: TeardownOptions,
  left: string,
  write: (sections: readonly Section[]) => void = writePage,
  close: (run: Run) => string | undefined = (run) => run.close(),
): void {
  const sections = recordedSections();
  const run = Run.current();
  if (close(run) !== undefined) {
    report(`${left} are kept below ${run.folder}`);
  } else if (!testNamePattern) {
    write(sections);
  }
}

/** Texts of a page's sections by their ids. */
function sectionsIn(page: string): ReadonlyMap<string, string> {
  const [, ...texts] = page.split(/^(?=## )/m);
  return new Map(texts.map((text) => [/^## (\w+)/.exec(text)?.[1] ?? "", `${text.trimEnd()}\n`]));
}

/** A section without what differs from run to run, and from machine to machine: PgBouncer is the only one not pinned. */
function lasting(text: string): string {
  return withoutFigures(text.replace(new RegExp(`^${SHOWN}[\\d-]+`, "m"), "").replace(/PgBouncer [\d.]+/, ""));
}

function commandOf(suite: string): string {
  return `\`npm run test:conformance:${suite}\``;
}

function absent(id: string, suite: string): string {
  return `## ${id}\n\nNot shown yet: ${commandOf(suite)} writes this section.\n`;
}

function render(section: Section, suite: string, date: string): string {
  const { id, title, text, columns, rows, engines = meshEngines() } = section;
  const shown = `${SHOWN}${date} by ${commandOf(suite)}, with ${engines.join(", ")}.`;
  return [`## ${id}: ${title}`, "", text, "", ...markdownTable(columns, rows), "", shown, ""].join("\n");
}

function meshEngines(): readonly string[] {
  const go = (module: string, path: string): string => readable(requiredVersion(goModule(module), path));
  return [
    `Kubernetes ${go("kubernetes", "k8s.io/kubernetes")} (production: ${KUBERNETES_VERSION})`,
    `Istio ${go("istio", "istio.io/istio")} (production: ${CHARTS.istiod.version})`,
    `Envoy ${ENVOY_VERSION}`,
    `kube-router ${go("kube-router", "github.com/cloudnativelabs/kube-router/v2")}`,
    `ratelimit ${go("ratelimit", "github.com/envoyproxy/ratelimit")}`,
  ];
}

/** A version, or the commit that a Go pseudo-version stands for. */
function readable(version: string): string {
  const commit = /-(?:0\.)?\d{14}-([0-9a-f]{12})$/.exec(version)?.[1];
  return commit === undefined ? version : `commit ${commit}`;
}
