import { join } from "node:path";
import {
  API_GATEWAY,
  ENVIRONMENTS,
  LABELS,
  NAMESPACES,
  TENANT_SERVICES,
  TIER_NAMES,
  type TierName,
} from "../../../config";
import { isArray, isObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { hostName, NAMESPACE_PREFIX } from "../../../tenancy";
import { generateRows } from "../../support/fleet";
import { record } from "../criteria";
import { report } from "../engines/cache";
import { run } from "../mesh/hosts";
import type { RunningPod } from "../mesh/pod";
import { Pods } from "../mesh/pods";
import { measured } from "../page";
import { Run } from "../run";
import { synthesizeRows } from "../synthesize";
import { OpenCluster } from "./cluster";
import { type TenantObjects, tenantsIn } from "./fleet";
import { cpuSecondsOf } from "./istiod";
import { memoryOf } from "./memory";
import { type CapacityRow, recordCapacity } from "./page";
import { Population } from "./population";
import { measureProxy, type ProxyFigures } from "./proxy";
import { cores, describeShipped, mebibytes, shippedIn, sidecarMemory } from "./shipped";

const TENANTS = 500;
/** Services of each. */
const SERVICES = TENANT_SERVICES.length;
const ROUNDS = 5;

/** Clusters of a sidecar at most: its tenant's and the shared services', and Envoy's own. */
const SIDECAR_CLUSTERS = 40;

/** Most of it is for 10,000 objects to be written, which a busy machine takes its time for. */
const SETUP_MILLISECONDS = 600_000;
const PATIENCE_MILLISECONDS = 90_000;

/** The gateway's answer for a tenant whose pods it knows; it cannot reach them. */
const BACKED = /upstream connect error/;

/** The same once it has ejected them for that. */
const ROUTED = /upstream connect error|no healthy upstream/;

const rows: CapacityRow[] = [];
let cluster: OpenCluster;
let pods: Pods;
let population: Population;
let tenants: readonly TenantObjects[];
let gateway: RunningPod;

/** All but the last tenant, which comes later, as a new one. */
const settled = (): readonly TenantObjects[] => tenants.slice(0, -1);
const newcomer = (): TenantObjects => last(tenants);

function last<T>(list: readonly T[]): T {
  const item = list.at(-1);
  if (item === undefined) {
    throw new Error("an empty list has no last item");
  }
  return item;
}

const hostOf = ({ namespace }: TenantObjects): string =>
  hostName(namespace.slice(NAMESPACE_PREFIX.length), ENVIRONMENTS.production.domain);

/** What the gateway answers a client from the Internet, status and body. */
async function answerAt(host: string): Promise<string> {
  const url = `https://${gateway.host.address}/api/tasks`;
  const curl = ["curl", "-sk", "-m", "20", "-H", `Host: ${host}`, "-w", " %{http_code}", url];
  return (await run(cluster.loadBalancer, curl)).stdout;
}

/** Milliseconds from a change until the gateway's answer at a host is as wished. */
async function timeUntil(host: string, isThere: RegExp, change: () => Promise<unknown>): Promise<number> {
  const started = Date.now();
  await change();
  let answer = await answerAt(host);
  while (!isThere.test(answer)) {
    if (Date.now() - started > PATIENCE_MILLISECONDS) {
      throw new Error(`waited in vain for ${String(isThere)} at ${host}; the last answer: ${answer}`);
    }
    answer = await answerAt(host);
  }
  return Date.now() - started;
}

/** The one of some objects that is sought. */
function the(
  what: string,
  objects: readonly KubernetesObject[],
  isSought: (object: KubernetesObject) => boolean,
): KubernetesObject {
  const found = objects.find(isSought);
  if (found === undefined) {
    throw new Error(`no ${what} was synthesized`);
  }
  return found;
}

const platformObjects = (): readonly KubernetesObject[] => cluster.manifests.map(({ object }) => object);

const isApiGateway = ({ kind, metadata }: KubernetesObject): boolean =>
  kind === "Deployment" && metadata.name === API_GATEWAY.name;

const isMeshWideSidecar = ({ kind, metadata }: KubernetesObject): boolean =>
  kind === "Sidecar" && metadata.namespace === NAMESPACES.istioSystem;

const routeOf = ({ objects, namespace }: TenantObjects): KubernetesObject =>
  the(`VirtualService of ${namespace}`, objects, ({ kind }) => kind === "VirtualService");

/** A tenant's VirtualService with another answer. */
function answering(route: KubernetesObject, body: string): KubernetesObject {
  const spec = isObject(route["spec"]) ? route["spec"] : {};
  return { ...route, spec: { ...spec, http: [{ directResponse: { status: 503, body: { string: body } } }] } };
}

const memoryText = ({ own, resident }: { readonly own: number; readonly resident: number }): string =>
  `own ${measured(own, "MiB")}, resident ${measured(resident, "MiB")}`;

/** A Deployment of the first tenant of a tier. */
function deploymentOf(tier: TierName): KubernetesObject {
  const deployments = settled().flatMap((tenant) => tenant.deployments);
  return the(`Deployment of tier ${tier}`, deployments, ({ metadata }) => metadata.labels?.[LABELS.tier] === tier);
}

async function measureSidecar(deployment: KubernetesObject, suffix: string): Promise<ProxyFigures> {
  return measureProxy(await pods.startService(deployment, suffix));
}

/** Measures the sidecar of a Deployment's pod, and holds it against what is shipped for it. */
async function expectWithinShipped(what: string, deployment: KubernetesObject): Promise<ProxyFigures> {
  const shipped = sidecarMemory(deployment);
  const figures = await measureSidecar(deployment, "measured");
  rows.push({
    what: `${what}, ${figures.clusters.toLocaleString("en")} clusters`,
    seen: memoryText(figures),
    shipped: describeShipped(shipped),
  });
  expect(figures.own).toBeLessThan(mebibytes(shipped.requests));
  expect(figures.resident).toBeLessThan(mebibytes(shipped.limits));
  return figures;
}

/** Whether every Service of the settled tenants has its EndpointSlice, with addresses in it. */
async function hasEndpoints(): Promise<boolean> {
  const slices = await cluster.list("/apis/discovery.k8s.io/v1/endpointslices");
  const backed = slices.filter(
    ({ metadata, endpoints }) =>
      metadata.namespace?.startsWith(NAMESPACE_PREFIX) && isArray(endpoints) && endpoints.length > 0,
  );
  return backed.length >= SERVICES * settled().length;
}

function since(started: number): string {
  return `${Math.round((Date.now() - started) / 1_000)} s`;
}

beforeAll(async () => {
  const started = Date.now();
  const { folder } = Run.current();
  const fleet = generateRows(TENANTS);
  // The cluster starts with a whole tenant: what it serves follows from the kinds that it finds.
  const small = await synthesizeRows(join(folder, "first"), fleet.slice(0, 1));
  tenants = tenantsIn(await synthesizeRows(join(folder, "fleet"), fleet));
  report(`synthesized after ${since(started)}`);
  cluster = new OpenCluster(folder, small, `ts${process.pid}`);
  await cluster.start();
  report(`mesh ready after ${since(started)}`);
  pods = new Pods(cluster);
  population = new Population(cluster.client);
  await population.start(cluster.network.node);
  const before = await cpuSecondsOf(cluster.istiodHost);
  const [first, ...others] = settled();
  if (first !== undefined) {
    await population.addPods(first);
  }
  await population.addAll(others);
  report(`${settled().length} tenants written after ${since(started)}`);
  await cluster.client.waitFor("endpoints of every Service", hasEndpoints);
  gateway = await pods.startGateway("0");
  await timeUntil(hostOf(last(settled())), BACKED, () => Promise.resolve());
  report(`gateway knows them after ${since(started)}`);
  const used = (await cpuSecondsOf(cluster.istiodHost)) - before;
  rows.push({ what: `istiod, CPU to take up ${TENANTS - 1} tenants at once`, seen: measured(used, "s") });
}, SETUP_MILLISECONDS);

afterAll(async () => {
  await cluster.stop();
});

test(`a changed VirtualService reaches the gateway, ${ROUNDS} times of ${ROUNDS}`, async () => {
  const tenant = last(settled());
  const before = await cpuSecondsOf(cluster.istiodHost);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const changed = answering(routeOf(tenant), `round ${round}`);
    times.push(await timeUntil(hostOf(tenant), new RegExp(`round ${round}`), () => cluster.apply(changed)));
  }
  const used = ((await cpuSecondsOf(cluster.istiodHost)) - before) / ROUNDS;
  await timeUntil(hostOf(tenant), ROUTED, () => cluster.apply(routeOf(tenant)));
  const [median = 0] = times.sort((a, b) => a - b).slice(Math.floor(ROUNDS / 2));
  const shipped = shippedIn(cluster.releaseValues("istiod"), "cpu");
  rows.push(
    { what: `a changed VirtualService at the gateway, median of ${ROUNDS}`, seen: measured(median, "ms") },
    {
      what: "istiod, CPU for one changed VirtualService",
      seen: measured(used * 1_000, "ms"),
      shipped: describeShipped(shipped),
    },
  );
  // One change a second, for as long as it may take, stays within the request.
  expect(used).toBeLessThan(cores(shipped.requests));
});

test("a new tenant has its route, clusters and endpoints at the gateway", async () => {
  const before = await cpuSecondsOf(cluster.istiodHost);
  expect(await answerAt(hostOf(newcomer()))).toMatch(/404$/);
  const time = await timeUntil(hostOf(newcomer()), BACKED, () => population.add(newcomer()));
  const used = (await cpuSecondsOf(cluster.istiodHost)) - before;
  rows.push(
    { what: "a new tenant at the gateway, its objects written meanwhile", seen: measured(time, "ms") },
    { what: "istiod, CPU for a new tenant", seen: measured(used * 1_000, "ms") },
  );
});

test("the gateway knows a host of every tenant and a cluster of each of their services", async () => {
  const { clusters, listeners, virtualHosts, routes } = await measureProxy(gateway);
  expect(virtualHosts).toBeGreaterThanOrEqual(TENANTS);
  expect(clusters).toBeGreaterThanOrEqual(SERVICES * TENANTS);
  rows.push({
    what: "gateway: clusters (three a Service), hosts, routes, listeners",
    seen: [clusters, virtualHosts, routes, listeners].map((count) => count.toLocaleString("en")).join(", "),
  });
});

test("istiod's memory is within its request", async () => {
  const shipped = shippedIn(cluster.releaseValues("istiod"), "memory");
  const { own, resident, peak } = await memoryOf(cluster.istiodHost, ["pilot-discovery"]);
  rows.push({
    what: "istiod, memory",
    seen: `${memoryText({ own, resident })}, at most ${measured(peak, "MiB")}`,
    shipped: describeShipped(shipped),
  });
  expect(peak).toBeLessThan(mebibytes(shipped.requests));
});

test("the gateway's own memory is within its request, and all of it within its limit", async () => {
  const shipped = shippedIn(cluster.releaseValues("istio-ingressgateway"), "memory");
  const figures = await measureProxy(gateway);
  rows.push({ what: "gateway, memory without traffic", seen: memoryText(figures), shipped: describeShipped(shipped) });
  expect(figures.own).toBeLessThan(mebibytes(shipped.requests));
  expect(figures.resident).toBeLessThan(mebibytes(shipped.limits));
});

test.each(TIER_NAMES)("a sidecar of tier %s knows its own tenant, and is within its request", async (tier) => {
  const { clusters } = await expectWithinShipped(`sidecar of tier ${tier}`, deploymentOf(tier));
  expect(clusters).toBeLessThan(SIDECAR_CLUSTERS);
});

test("the api-gateway's sidecar knows every tenant's services, and is within its request", async () => {
  const deployment = the("Deployment of the api-gateway", platformObjects(), isApiGateway);
  const { clusters } = await expectWithinShipped("sidecar of the api-gateway", deployment);
  expect(clusters).toBeGreaterThan(SERVICES * TENANTS);
});

test("without the mesh-wide Sidecar a tenant's would too, and neither its clusters nor its request would hold", async () => {
  const deployment = deploymentOf("starter");
  const sidecar = the("mesh-wide Sidecar", platformObjects(), isMeshWideSidecar);
  await cluster.client.delete(sidecar);
  const figures = await measureSidecar(deployment, "unlimited");
  await cluster.apply(sidecar);
  rows.push({
    what: `a tenant's sidecar without the mesh-wide \`Sidecar\`, ${figures.clusters.toLocaleString("en")} clusters`,
    seen: memoryText(figures),
    shipped: describeShipped(sidecarMemory(deployment)),
  });
  expect(figures.clusters).toBeGreaterThan(SIDECAR_CLUSTERS);
  expect(figures.own).toBeGreaterThan(mebibytes(sidecarMemory(deployment).requests));
});

test("all Services of all tenants were there, for docs/capacity.md to say so", async () => {
  const services = await cluster.list("/api/v1/services");
  const ofTenants = services.filter(({ metadata }) => metadata.namespace?.startsWith(NAMESPACE_PREFIX));
  expect(ofTenants).toHaveLength(SERVICES * TENANTS);
  recordCapacity({ tenants: TENANTS, services: ofTenants.length, pods: population.pods, rows });
  record({
    id: "Scale",
    title: `${TENANTS} tenants in one control plane`,
    text: "What the charts ask for holds what was measured. All figures, and what was not there, are in [capacity.md](capacity.md).",
    columns: ["figure", "measured", "shipped (requests, limits)"],
    rows: rows.map(({ what, seen, shipped = "" }) => [what, seen, shipped]),
  });
});
