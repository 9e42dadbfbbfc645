import { LABELS, NAMESPACES, TRUST_DOMAIN } from "../../config/kubernetes";
import { exportStacks } from "../manifests/export";
import { compareText } from "../manifests/json";
import type { ExportedManifest } from "../manifests/object";
import { ManifestsError, readStacks, type Region } from "../manifests/output";
import { addressBook } from "./address-book";
import { CHART_WORKLOADS, type ChartWorkload } from "./chart-workloads";
import { type Cluster, readCluster } from "./cluster";
import { externals } from "./connectivity";
import { type Endpoint, type External, isExternal } from "./endpoint";
import { grouped } from "../grouped";
import { DEFAULT_NAMESPACE } from "./network-policy";
import { type AddressBook, isMeshedStranger, tenantOf } from "./party";
import { type Group, Reachability } from "./reachability";
import { representatives } from "./representatives";
import { type Labels, Problems, type SourceObject } from "./source";
import { Terraform } from "./terraform";

/** An endpoint, and the group that it is judged with. */
export interface Placed {
  readonly endpoint: Endpoint;
  readonly group: Group;
}

/** Pods of a tenant, of those that policies do not tell apart one. */
export interface TenantPods {
  readonly id: string;
  readonly pods: readonly Placed[];
}

/** What the synthesized output says about who reaches whom. */
export interface Fleet {
  readonly terraform: Terraform;
  readonly cluster: Cluster;
  readonly reachability: Reachability;
  /** Sorted by id. */
  readonly tenants: readonly TenantPods[];
  /** Workloads of the platform and addresses outside of the cluster, sorted by name. */
  readonly platform: readonly Placed[];
  /** Pods of nobody's namespace that bear the labels of the platform's. */
  readonly impostors: readonly Placed[];
  /** Callers with an identity, in namespaces whose pods have none today. */
  readonly meshedStrangers: readonly Placed[];
  readonly plaintext: Group;
  readonly addresses: AddressBook;
}

/** A caller that no policy names: its address is of TEST-NET-2 (RFC 5737), which is never anybody's. */
const NOBODY: External = { name: "a caller without identity", range: { first: 0xc633_6401, last: 0xc633_6401 } };

/**
 * Reads one region of a synthesized app.
 *
 * @throws NoSecondRegionError if it is the second, and there is none
 * @throws ManifestsError if there is no app, or an object in it that the API server would refuse
 */
export function readFleet(outDir: string, region: Region = "primary"): Fleet {
  const stacks = readStacks(outDir);
  return fleetOf(new Terraform(stacks, region), exportStacks(stacks, { region }));
}

/**
 * The same of an output that is read already.
 *
 * @throws ManifestsError if the API server would refuse an object
 */
export function fleetOf(terraform: Terraform, manifests: readonly ExportedManifest[]): Fleet {
  const cluster = clusterOf(
    manifests.map(({ stack, address, object }) => ({ object, locate: () => `${stack}: ${address}` })),
    terraform,
  );
  const addresses = addressBook(terraform);
  const endpoints: readonly Endpoint[] = [
    ...cluster.workloads.map((workload) => ({ ...workload, addresses: addresses["node subnets"] })),
    ...representatives(chartWorkloads(terraform), cluster.namespaces, addresses["node subnets"]),
    ...externals(cluster),
  ];
  const reachability = new Reachability(cluster, [...endpoints, NOBODY], TRUST_DOMAIN);
  const placed = reachability.groups
    .flatMap((group) => group.members.map((endpoint): Placed => ({ endpoint, group })))
    .sort((left, right) => compareText(left.endpoint.name, right.endpoint.name));
  const isStranger = ({ endpoint }: Placed) => isMeshedStranger(endpoint);
  const known = placed.filter((item) => !isStranger(item) && item.endpoint !== NOBODY);
  const [nobody] = placed.filter(({ endpoint }) => endpoint === NOBODY);
  if (nobody === undefined) {
    throw new Error("every endpoint has a group");
  }
  return {
    terraform,
    cluster,
    reachability,
    tenants: tenantsOf(known),
    platform: known.filter((item) => tenantOf(item.endpoint) === undefined && !isImpostor(item)),
    impostors: known.filter(isImpostor),
    meshedStrangers: placed.filter(isStranger),
    plaintext: nobody.group,
    addresses,
  };
}

function isImpostor({ endpoint }: Placed): boolean {
  return !isExternal(endpoint) && endpoint.namespace === DEFAULT_NAMESPACE;
}

function clusterOf(sources: readonly SourceObject[], terraform: Terraform): Cluster {
  const problems = new Problems();
  const cluster = readCluster(sources, problems);
  if (problems.messages.length > 0) {
    throw new ManifestsError(problems.messages.join("\n"));
  }
  return { ...cluster, namespaces: allNamespaces(cluster, terraform) };
}

function chartWorkloads(terraform: Terraform): readonly ChartWorkload[] {
  const releases = new Set(terraform.resources("helm_release").map((release) => terraform.text(release, "name")));
  return CHART_WORKLOADS.filter(({ release }) => release === undefined || releases.has(release));
}

/**
 * Namespaces that the output makes and those that it takes for granted. A tenant whose namespace is missing has its database
 * still, and is judged as one without labels.
 */
function allNamespaces(cluster: Cluster, terraform: Terraform): ReadonlyMap<string, Labels> {
  const named = [
    ...Object.values(NAMESPACES),
    DEFAULT_NAMESPACE,
    ...terraform.resources("aws_lambda_invocation").flatMap((resource) => terraform.tenantNamespace(resource) ?? []),
  ];
  return new Map([
    ...named.map((name) => [name, new Map([[LABELS.namespaceName, name]])] as const),
    ...cluster.namespaces,
  ]);
}

function tenantsOf(placed: readonly Placed[]): readonly TenantPods[] {
  const pods = placed.filter(({ endpoint }) => tenantOf(endpoint) !== undefined);
  return [...grouped(pods, ({ endpoint }) => tenantOf(endpoint) ?? "")]
    .map(([id, members]) => ({
      id,
      pods: [...grouped(members, ({ group }) => String(group.number)).values()].flatMap(([first]) => first ?? []),
    }))
    .sort((left, right) => compareText(left.id, right.id));
}
