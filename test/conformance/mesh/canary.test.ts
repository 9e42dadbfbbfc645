import { join } from "node:path";
import { ENVIRONMENTS, PORTS, TIERS } from "../../../config";
import { FLAGGER_LABEL } from "../../../constructs/mesh";
import { hostName, namespaceName, type TenantRow } from "../../../tenancy";
import { isArray, isObject, type Json } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { record } from "../criteria";
import { objectAt, objectsIn } from "../json";
import { measured } from "../page";
import { synthesizeRows } from "../synthesize";
import { hostOf, podOf } from "./attacks";
import { callThroughSidecar, describeOutcome, type Outcome } from "./call";
import { FIRST_STEP, flaggerObjects } from "./flagger-objects";
import { FLEET } from "./fleet";
import { run } from "./hosts";
import { sendLoad, statusesBut } from "./load";
import { applyAll, deleteAll } from "./onboarding-apply";
import { type Difference, differenceBetween, NO_DIFFERENCE } from "./onboarding-difference";
import type { RunningPod } from "./pod";
import { isReviewed, type Review, review } from "./review";
import { SERVICE_ACCOUNT_ID } from "./service-program";
import { theWorld } from "./world";

const world = theWorld();
const { cluster, pods } = world;

const SERVICE = "task-service";
const PATH = "/api/tasks";
const HEADER = { "x-canary": "true" };

/** What the weighted tenant sends at, and for how long: 10,000 requests, below its limit in any minute. */
const PER_SECOND = 95;
const REQUESTS = 10_000;

/** Per cent of all requests by which a canary's share may be off. */
const TOLERANCE = 1;

/** The fleet's rows, two of them with a canary of the one service. */
const [weighted, analysed] = ["bolt", "delta"] as const;
const FLEET_WITH_CANARIES = FLEET.map((row): TenantRow => {
  switch (row.id) {
    case weighted:
      return { ...row, canary: { release: "1.1.0", services: [SERVICE] } };
    case analysed:
      return { ...row, canary: { flagger: [SERVICE] } };
    default:
      return row;
  }
});

const rows: string[][] = [];
const started: RunningPod[] = [];
let difference: Difference = NO_DIFFERENCE;
let flaggers: readonly KubernetesObject[] = [];
/** The pod of the Deployment that is the analysed tenant's next release. */
let next: RunningPod;

const isDeployment = ({ kind }: KubernetesObject): boolean => kind === "Deployment";
const clientHost = (tenant: string): string => hostName(tenant, ENVIRONMENTS.production.domain);

/** Applies objects as Terraform does: a Deployment whose selector is another is replaced. */
async function replace(objects: readonly KubernetesObject[]): Promise<void> {
  await deleteAll(cluster, objects.filter(isDeployment));
  await applyAll(cluster, objects);
}

async function start(deployment: KubernetesObject): Promise<RunningPod> {
  const pod = await pods.startService(deployment, "canary");
  started.push(pod);
  return pod;
}

function found(objects: readonly KubernetesObject[], kind: string, namespace: string): KubernetesObject {
  const object = objects.find((one) => one.kind === kind && one.metadata.namespace === namespace);
  if (object === undefined) {
    throw new Error(`no ${kind} in ${namespace} changes`);
  }
  return object;
}

/** Lines of Envoy's list about one cluster of the gateway: figures of each pod in it. */
async function podsAtGateway(service: string, tenant: string, subset = ""): Promise<readonly string[]> {
  const name = `outbound|${PORTS.http}|${subset}|${hostOf(service, namespaceName(tenant))}`;
  const { stdout } = await run(world.gateway.host, ["curl", "-s", "-m", "10", "http://127.0.0.1:15000/clusters"]);
  return stdout.split("\n").filter((line) => line.startsWith(`${name}::`));
}

/**
 * Gives the pod of the Deployment that was replaced another label of Flagger's: it runs on for the other files' tests, and
 * no Service of Flagger's is to lead to it.
 */
async function relabelReplaced(value: string): Promise<void> {
  const { name, namespace } = podOf(world, namespaceName(analysed), SERVICE);
  await cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { [FLAGGER_LABEL]: value } },
  });
}

/** Requests so far that the gateway has sent to the pods of a cluster. */
async function requestsTo(service: string, tenant: string, subset?: string): Promise<number> {
  const lines = await podsAtGateway(service, tenant, subset);
  return lines.reduce((sum, line) => sum + Number(/::rq_total::(\d+)$/.exec(line)?.[1] ?? 0), 0);
}

/** Waits until a pod, and no other, is behind a cluster of the gateway. */
async function gatewayKnows(pod: RunningPod, service: string, tenant: string, subset?: string): Promise<void> {
  await cluster.client.waitFor(`the gateway to know ${pod.name}`, async () => {
    const lines = await podsAtGateway(service, tenant, subset);
    const addresses = new Set(lines.flatMap((line) => /::([\d.]+):\d+::/.exec(line)?.[1] ?? []));
    return addresses.size === 1 && addresses.has(pod.host.address);
  });
}

/** Sends requests of one tenant's clients, which must all be answered, and gives how many of them each target got. */
async function shares(
  tenant: string,
  count: number,
  perSecond: number,
  targets: readonly (readonly [service: string, subset?: string])[],
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly number[]> {
  const counts = () => Promise.all(targets.map(([service, subset]) => requestsTo(service, tenant, subset)));
  const before = await counts();
  const stream = {
    host: clientHost(tenant),
    path: PATH,
    headers,
    perSecond,
    pulses: [[0, count / perSecond]] as const,
  };
  const [result = { samples: [] }] = await sendLoad(world, [world.gateway], [stream]);
  expect(result.samples).toHaveLength(count);
  expect(statusesBut(result, 200)).toEqual([]);
  return (await counts()).map((after, index) => after - (before[index] ?? 0));
}

/** Names of the routes that the gateway has for a tenant's host. */
async function routeNames(tenant: string): Promise<readonly string[]> {
  const url = "http://127.0.0.1:15000/config_dump?resource=dynamic_route_configs";
  const { stdout } = await run(world.gateway.host, ["curl", "-s", "-m", "10", url]);
  const list = (value: Json | undefined) => (isArray(value) ? value.filter(isObject) : []);
  return list((JSON.parse(stdout) as { configs?: Json }).configs)
    .flatMap((config) => list(objectAt(config, "route_config")["virtual_hosts"]))
    .filter(({ domains }) => isArray(domains) && domains.includes(clientHost(tenant)))
    .flatMap(({ routes }) => list(routes).map(({ name }) => String(name)));
}

/** Has no Service lead to a pod that is gone: other files' tests call the Services. */
async function forgetStopped(): Promise<void> {
  const gone = new Set(started.map(({ host }) => host.address));
  await cluster.client.waitFor("Services to forget the pods that are gone", async () => {
    // Those of Services that are gone stay for ever: there is no garbage collector here.
    const selector = encodeURIComponent(`kubernetes.io/service-name=${SERVICE}`);
    const slices = await cluster.list(`/apis/discovery.k8s.io/v1/endpointslices?labelSelector=${selector}`);
    return !slices.some((slice) =>
      objectsIn(slice["endpoints"]).some(({ addresses }) => isArray(addresses) && gone.has(String(addresses[0]))),
    );
  });
  await cluster.syncServices([SERVICE]);
}

beforeAll(async () => {
  difference = differenceBetween(
    cluster.outDir,
    await synthesizeRows(join(cluster.folder, "canary"), FLEET_WITH_CANARIES),
  );
  await replace([...difference.created, ...difference.changed]);
  const second = await start(found(difference.created, "Deployment", namespaceName(weighted)));
  await relabelReplaced("replaced");
  next = await start(found(difference.changed, "Deployment", namespaceName(analysed)));
  await cluster.syncServices([SERVICE]);
  await gatewayKnows(second, SERVICE, weighted, "v2");
  await gatewayKnows(next, SERVICE, analysed, "v1");
}, 300_000);

afterAll(async () => {
  await Promise.all(started.map((pod) => pods.stop(pod)));
  await relabelReplaced(SERVICE);
  await deleteAll(cluster, [...flaggers, ...[...difference.created].reverse()]);
  const addresses = new Set(difference.changed.map(key));
  await replace(cluster.manifests.map(({ object }) => object).filter((object) => addresses.has(key(object))));
  await forgetStopped();
  record({
    id: "Canary",
    title: "a new release gets the share of the requests that the row says",
    text: [
      "Clients call the tenants' hosts over TLS, as the load balancer passes them on. Which pods the gateway sent a request to",
      "is counted by its Envoy. What Flagger makes of a Canary is written by the test as Flagger's source has it; the objects",
      "are real, Flagger itself does not run.",
    ].join("\n"),
    columns: ["check", "to hold", "seen"],
    rows,
  });
}, 300_000);

function key({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

test("istiod's webhook admits every object that a canary changes, without a warning", async () => {
  const reviewed = [...difference.created, ...difference.changed].filter(isReviewed);
  const complaints: Review[] = [];
  for (const object of reviewed) {
    const said = await review(world, object);
    complaints.push(...(said.allowed && said.warnings.length === 0 ? [] : [said]));
  }
  rows.push([`istiod's webhook over ${reviewed.length} objects`, "no complaint", `${complaints.length} complaints`]);
  expect(reviewed.map(({ kind }) => kind).sort()).toEqual(["AuthorizationPolicy", "VirtualService", "VirtualService"]);
  expect(complaints).toEqual([]);
});

describe("a second release by weight", () => {
  const targets = [
    [SERVICE, "v1"],
    [SERVICE, "v2"],
  ] as const;

  test(`gets 10 % of ${REQUESTS} requests`, async () => {
    const [stable = 0, canary = 0] = await shares(weighted, REQUESTS, PER_SECOND, targets);
    rows.push([
      `weighted: ${REQUESTS} requests without the header`,
      `10 ± ${TOLERANCE} % to the second release`,
      measured((canary * 100) / REQUESTS, "%"),
    ]);
    expect(stable + canary).toBe(REQUESTS);
    expect(Math.abs((canary * 100) / REQUESTS - 10)).toBeLessThanOrEqual(TOLERANCE);
  }, 240_000);

  test("gets every request with the header", async () => {
    const count = 500;
    const [stable, canary] = await shares(weighted, count, PER_SECOND, targets, HEADER);
    rows.push([`weighted: ${count} requests with \`x-canary: true\``, "all to the second release", `${canary}`]);
    expect([stable, canary]).toEqual([0, count]);
  });
});

describe("a service under Flagger", () => {
  const PER_SECOND_ANALYSED = 15;
  const namespace = namespaceName(analysed);
  const targets = [[`${SERVICE}-primary`], [`${SERVICE}-canary`], [SERVICE, "v1"]] as const;

  test("is served by our own route until Flagger has made its VirtualService", async () => {
    const [, , own] = await shares(analysed, 30, PER_SECOND_ANALYSED, targets);
    rows.push(["Flagger: 30 requests before it has made anything", "all to the service", `${own}`]);
    expect(own).toBe(30);
  });

  describe("once Flagger analyses a release", () => {
    beforeAll(async () => {
      const deployment = found(difference.changed, "Deployment", namespace);
      flaggers = flaggerObjects(found(difference.created, "Canary", namespace), deployment);
      await applyAll(cluster, flaggers);
      const primary = await start(found(flaggers, "Deployment", namespace));
      await cluster.syncServices([`${SERVICE}-primary`, `${SERVICE}-canary`]);
      await gatewayKnows(primary, `${SERVICE}-primary`, analysed);
      await gatewayKnows(next, `${SERVICE}-canary`, analysed);
    }, 120_000);

    test("its VirtualService has the weights, through ours that delegates to it", async () => {
      const count = 600;
      const [primary = 0, canary = 0, own = 0] = await shares(analysed, count, PER_SECOND_ANALYSED, targets);
      rows.push([
        `Flagger: ${count} requests at its first step`,
        `about ${FIRST_STEP} % to the new release, the rest to the primary`,
        measured((canary * 100) / count, "%"),
      ]);
      expect(own).toBe(0);
      expect(primary + canary).toBe(count);
      // Four standard deviations of a share of 10 % in 600.
      expect(Math.abs((canary * 100) / count - FIRST_STEP)).toBeLessThanOrEqual(5);
    });

    test("the header leads to the new release", async () => {
      const [primary, canary, own] = await shares(analysed, 60, PER_SECOND_ANALYSED, targets, HEADER);
      rows.push(["Flagger: 60 requests with `x-canary: true`", "all to the new release", `${canary}`]);
      expect([primary, canary, own]).toEqual([0, 60, 0]);
    });

    test("delegated routes keep the rate class, by which the tenant is limited", async () => {
      const names = await routeNames(analysed);
      rows.push([
        "Flagger: names of the tenant's routes at the gateway",
        TIERS.standard.rateClass,
        [...new Set(names)].join(", "),
      ]);
      expect(new Set(names)).toEqual(new Set([TIERS.standard.rateClass]));
    });

    test("the load tester reads the one path of the new release, and nothing else", async () => {
      const ask = async (tenant: string, service: string, path: string): Promise<Outcome> => {
        const [target] = (await cluster.list(`/api/v1/namespaces/${namespaceName(tenant)}/services`)).filter(
          ({ metadata }) => metadata.name === service,
        );
        const address = String(objectAt(target ?? {}, "spec")["clusterIP"]);
        const url = `http://${address}:${PORTS.http}${path}`;
        return callThroughSidecar(
          world.shared.loadTester,
          SERVICE_ACCOUNT_ID,
          url,
          hostOf(service, namespaceName(tenant)),
        );
      };
      const allowed = await ask(analysed, `${SERVICE}-canary`, "/healthz/ready");
      const otherPath = await ask(analysed, `${SERVICE}-canary`, PATH);
      const otherService = await ask(analysed, "user-service", "/healthz/ready");
      const otherTenant = await ask("cedar", SERVICE, "/healthz/ready");
      rows.push(
        ["load tester: `GET /healthz/ready` of the new release", "HTTP 200", describeOutcome(allowed)],
        [`load tester: \`GET ${PATH}\` of the new release`, "HTTP 403", describeOutcome(otherPath)],
        ["load tester: the tenant's other service", "no answer of it", describeOutcome(otherService)],
        ["load tester: another tenant's service", "no answer of it", describeOutcome(otherTenant)],
      );
      expect(allowed.status).toBe(200);
      expect(otherPath.status).toBe(403);
      expect([200, undefined]).not.toContain(otherService.status);
      expect([200, undefined]).not.toContain(otherTenant.status);
    });
  });
});
