import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { API_GATEWAY, EAST_WEST_GATEWAY, NAMESPACES, OUTLIER_DETECTION, PORTS, principal } from "../../../config";
import { REGION_HEALTH_PATH, regionHost } from "../../../constructs/edge";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { record } from "../criteria";
import { objectAt } from "../json";
import { measured } from "../page";
import { Run } from "../run";
import { hostOf, MESH_ALPN, sniOf } from "./attacks";
import { call, describeOutcome, type Outcome } from "./call";
import { issueCertificate } from "./certificates";
import { run } from "./hosts";
import { sendLoad, type Sample, STARTING_MILLISECONDS } from "./load";
import type { RunningPod } from "./pod";
import { PROXY_ACCOUNT } from "./proxy-agent";
import { type MeshOfRegion, type Regions, startRegions } from "./regions";
import { SERVICE_ACCOUNT_ID } from "./service-program";

const PER_SECOND = 20;

/** Seconds. */
const INTERVAL = Number.parseInt(OUTLIER_DETECTION.interval, 10);
const EJECTION = Number.parseInt(OUTLIER_DETECTION.baseEjectionTime, 10);

/**
 * Seconds after which no request may be answered by what has failed, or after which all must be answered by what has
 * recovered: Envoy ejects at the third error in succession, and looks every interval whether an ejection is over.
 */
const FAILOVER_BOUND = INTERVAL;
const RETURN_BOUND = EJECTION + INTERVAL;

const SERVICE = hostOf(`${API_GATEWAY.name}-primary`, NAMESPACES.sharedServices);
const SNI = sniOf(SERVICE);
const INGRESS_IDENTITY = `spiffe://${principal(NAMESPACES.istioIngress, "istio-ingressgateway")}`;
const API_GATEWAY_IDENTITY = `spiffe://${principal(NAMESPACES.sharedServices, "api-gateway")}`;

const rows: string[][] = [];
let regions: Regions;
let tokyo: MeshOfRegion;
let virginia: MeshOfRegion;

beforeAll(async () => {
  regions = await startRegions(join(Run.current().folder, "regions"));
  ({ tokyo, virginia } = regions);
}, 400_000);

afterAll(async () => {
  await regions.stop();
  record({
    id: "Regions",
    title: "the mesh of one region stands in for the other's",
    text: [
      "Two clusters, each with its own etcd, API server, istiod, kube-router and gateways, and with what is synthesized for",
      "`mesh` and `dr-mesh` while the second region is in standby; between them a link, and before each east-west gateway a host",
      "that passes connections on from its own address, as a network load balancer does. Neither istiod knows the other cluster's",
      "API server. Their intermediates come from `tools/bin/mesh-ca`, whose AWS CLI is a stand-in; the load balancer's name is",
      "resolved by istiod. What Flagger makes of the api-gateway's Canary is written by the test. A pod that is sick answers with",
      `503; ${PER_SECOND} requests a second come from the load balancer of the region that is named.`,
    ].join("\n"),
    columns: ["check", "to hold", "seen"],
    rows,
  });
}, 120_000);

/** Requests of a client to the api-gateway by a region's ingress gateway, for some seconds; `meanwhile` gets the start. */
async function load(
  region: MeshOfRegion,
  seconds: number,
  meanwhile: (startAt: number) => Promise<void> = () => Promise.resolve(),
): Promise<readonly Sample[]> {
  const startAt = Date.now() + STARTING_MILLISECONDS;
  const stream = {
    host: `${API_GATEWAY.hostLabel}.${regions.environment.domain}`,
    path: "/",
    perSecond: PER_SECOND,
    pulses: [[0, seconds]] as const,
  };
  const sent = sendLoad(region, [region.gateway], [stream], startAt);
  await Promise.all([sent, meanwhile(startAt)]);
  return (await sent).flatMap(({ samples }) => samples);
}

/** Who answered, and with what; each once. */
function answers(samples: readonly Sample[]): readonly string[] {
  return [...new Set(samples.map(({ status, servedBy }) => `${status} ${servedBy ?? ""}`.trim()))].sort();
}

/** Samples that were sent between two instants, in seconds from the start. */
function between(samples: readonly Sample[], from: number, until = Infinity): readonly Sample[] {
  return samples.filter(({ sentAt }) => sentAt >= from * 1_000 && sentAt < until * 1_000);
}

/** Seconds from the start to the last request that was not answered like this, or 0. */
function lastBut(samples: readonly Sample[], answer: string): number {
  return Math.max(0, ...samples.filter((one) => answers([one])[0] !== answer).map(({ sentAt }) => sentAt)) / 1_000;
}

function answeredBy({ name }: MeshOfRegion): string {
  return `200 ${name}`;
}

/** Seconds that have passed since an instant. */
function since(startAt: number): number {
  return (Date.now() - startAt) / 1_000;
}

/** A request to a region's own host, as Route 53's checkers send it. */
function ask(region: MeshOfRegion, path: string): Promise<Outcome> {
  const host = regionHost(regions.environment.domain, region.name);
  const { address } = region.gateway.host;
  const tls = { servername: host, alpn: "http/1.1" };
  return call(region.cluster.loadBalancer, SERVICE_ACCOUNT_ID, { address, port: PORTS.gatewayHttps, host, path, tls });
}

/** Who answers a request by Virginia's east-west gateway, from a pod in Tokyo, past its sidecar. */
function crossing(pod: RunningPod, tls?: { key?: string; cert?: string; servername?: string; alpn?: string }) {
  const { address } = virginia.eastWest;
  return call(pod.host, PROXY_ACCOUNT, {
    address,
    port: PORTS.eastWest,
    host: SERVICE,
    path: "/",
    ...(tls ? { tls: { servername: SNI, alpn: MESH_ALPN, ...tls } } : {}),
  });
}

test("while both regions are well, each serves its own clients", async () => {
  for (const region of [tokyo, virginia]) {
    const samples = await load(region, 10);
    expect(samples).toHaveLength(10 * PER_SECOND);
    expect(answers(samples)).toEqual([answeredBy(region)]);
    rows.push([`${samples.length} requests in ${region.name}`, "all answered there", answers(samples).join(", ")]);
  }
});

describe("the east-west gateway", () => {
  test("passes on mutual TLS of the mesh, to the api-gateway's own certificate", async () => {
    const outcome = await crossing(tokyo.gateway, tokyo.pods.credentialsOf(tokyo.gateway));
    expect(outcome).toMatchObject({ status: 200, peer: `URI:${API_GATEWAY_IDENTITY}` });
    expect(JSON.parse(outcome.body ?? "")).toMatchObject({ name: virginia.name });
    rows.push(["a certificate of Tokyo's intermediate, at Virginia's east-west gateway", "answered", "HTTP 200"]);
  });

  test.each<[string, () => Promise<Outcome>]>([
    [
      "a certificate of another root, with the ingress gateway's own name",
      async () => {
        const folder = join(tokyo.cluster.folder, "foreign");
        return crossing(tokyo.gateway, await issueCertificate(folder, `URI:${INGRESS_IDENTITY}`, "clientAuth"));
      },
    ],
    ["TLS without a client's certificate", () => crossing(tokyo.gateway, {})],
    ["plaintext", () => crossing(tokyo.gateway)],
    [
      "TLS that is not the mesh's",
      () => crossing(tokyo.gateway, { ...tokyo.pods.credentialsOf(tokyo.gateway), alpn: "http/1.1" }),
    ],
    [
      "the mesh's certificate, asking for another service",
      () =>
        crossing(tokyo.gateway, {
          ...tokyo.pods.credentialsOf(tokyo.gateway),
          servername: sniOf(hostOf("api-gateway-region", NAMESPACES.sharedServices)),
        }),
    ],
    [
      "the mesh's certificate, from a pod that is no gateway",
      () => {
        const [pod = tokyo.gateway] = tokyo.apiGateways;
        return crossing(pod, tokyo.pods.credentialsOf(pod));
      },
    ],
    [
      "the mesh's certificate, past the load balancer",
      () => {
        const tls = { ...tokyo.pods.credentialsOf(tokyo.gateway), servername: SNI, alpn: MESH_ALPN };
        const { address } = virginia.eastWestGateway.host;
        const request = { address, port: PORTS.eastWest, host: SERVICE, path: "/", tls };
        return call(tokyo.gateway.host, PROXY_ACCOUNT, request);
      },
    ],
  ])("refuses %s", async (title, attempt) => {
    const outcome = await attempt();
    rows.push([`${title}, at Virginia's east-west gateway`, "no answer", describeOutcome(outcome)]);
    expect(outcome.status).toBeUndefined();
  });

  test("has no endpoint of the other region, or two sick regions would send requests to and fro", async () => {
    for (const { eastWestGateway, cluster } of [tokyo, virginia]) {
      const url = "http://127.0.0.1:15000/clusters";
      const { stdout } = await run(eastWestGateway.host, ["curl", "-s", "-m", "10", url]);
      const endpoints = [...stdout.matchAll(new RegExp(`^${SNI}::([\\d.]+):\\d+::health_flags`, "gm"))];
      expect(endpoints).toHaveLength(2);
      expect(endpoints.filter(([, address = ""]) => !address.startsWith(`${cluster.site.network}.`))).toEqual([]);
    }
    rows.push([`endpoints of ${EAST_WEST_GATEWAY.release} for the api-gateway`, "its own region's alone", "2 of 2"]);
  });
});

test("a region's own host answers its health and nothing else", async () => {
  const health = await ask(tokyo, REGION_HEALTH_PATH);
  expect(health.status).toBe(200);
  expect(JSON.parse(health.body ?? "")).toMatchObject({ name: tokyo.name });
  expect((await ask(tokyo, "/")).status).toBe(404);
  rows.push([`${REGION_HEALTH_PATH} of Tokyo's own host; another path`, "200; 404", "HTTP 200; HTTP 404"]);
});

test("when the api-gateway fails in one region, the other answers until it is well", async () => {
  let sickAt = 0;
  let wellAt = 0;
  let health: Outcome = {};
  let answer = "";
  const samples = await load(tokyo, 5 + FAILOVER_BOUND + RETURN_BOUND + 15, async (startAt) => {
    await sleep(startAt + 5_000 - Date.now());
    writeFileSync(tokyo.sickFile, "");
    sickAt = since(startAt);
    await sleep((FAILOVER_BOUND + 5) * 1_000);
    health = await ask(tokyo, REGION_HEALTH_PATH);
    answer = await answerOf(tokyo);
    rmSync(tokyo.sickFile);
    wellAt = since(startAt);
  });
  expect(answers(between(samples, 0, sickAt - 1))).toEqual([answeredBy(tokyo)]);

  const failover = between(samples, sickAt, sickAt + EJECTION);
  expect(answers(between(failover, sickAt + FAILOVER_BOUND))).toEqual([answeredBy(virginia)]);
  const moved = lastBut(between(failover, sickAt, wellAt), answeredBy(virginia)) - sickAt;
  const failed = failover.filter(({ status }) => status !== 200).length;
  rows.push([
    "Tokyo's pods answer 503: requests that Virginia answers",
    `all after ${FAILOVER_BOUND} s`,
    `all after ${measured(moved, "s")}; ${measured(failed, "requests")} failed`,
  ]);

  const ejectedAt = sickAt + Math.max(0, moved);
  const back = between(samples, ejectedAt + RETURN_BOUND + 1);
  expect(back.length).toBeGreaterThan(PER_SECOND);
  expect(answers(back)).toEqual([answeredBy(tokyo)]);
  expect(between(samples, wellAt).filter(({ status }) => status !== 200)).toEqual([]);
  const returned = lastBut(between(samples, wellAt), answeredBy(tokyo)) - ejectedAt;
  rows.push([
    "Tokyo's pods are well again: requests that they answer",
    `all ${RETURN_BOUND} s after their ejection, none failed`,
    `all after ${measured(returned, "s")}, none failed`,
  ]);

  expect(answer).toContain(`By=${API_GATEWAY_IDENTITY};`);
  expect(answer).toContain(`URI=${INGRESS_IDENTITY}`);
  rows.push(["whom Virginia's pod sees meanwhile", "Tokyo's ingress gateway", INGRESS_IDENTITY]);
  expect(health.status).toBe(503);
  rows.push([`${REGION_HEALTH_PATH} of Tokyo's own host meanwhile`, "503", describeOutcome(health)]);
}, 180_000);

test("when the api-gateway's pods are gone in one region, the other answers until there are new ones", async () => {
  let goneAt = 0;
  let newAt = 0;
  const samples = await load(virginia, 5 + FAILOVER_BOUND + 5 + RETURN_BOUND + 25, async (startAt) => {
    await sleep(startAt + 5_000 - Date.now());
    goneAt = since(startAt);
    await Promise.all(virginia.apiGateways.map((pod) => virginia.pods.stop(pod)));
    await sleep((FAILOVER_BOUND + 5) * 1_000);
    await virginia.startApiGateways(["2", "3"]);
    newAt = since(startAt);
  });
  const gone = between(samples, goneAt, newAt - 5);
  expect(answers(between(gone, goneAt + FAILOVER_BOUND))).toEqual([answeredBy(tokyo)]);
  const moved = lastBut(gone, answeredBy(tokyo)) - goneAt;
  const failed = gone.filter(({ status }) => status !== 200).length;
  rows.push([
    "Virginia's pods are gone: requests that Tokyo answers",
    `all after ${FAILOVER_BOUND} s`,
    `all after ${measured(Math.max(0, moved), "s")}; ${measured(failed, "requests")} failed`,
  ]);
  // Without a kubelet a new pod is ready before it is up, gets requests, and is ejected once.
  const back = between(samples, newAt + RETURN_BOUND + 1);
  expect(back.length).toBeGreaterThan(PER_SECOND);
  expect(answers(back)).toEqual([answeredBy(virginia)]);
  const returned = lastBut(between(samples, newAt), answeredBy(virginia)) - newAt;
  rows.push([
    "Virginia has new pods: requests that they answer",
    `all after ${RETURN_BOUND} s`,
    `all after ${measured(Math.max(0, returned), "s")}`,
  ]);
}, 180_000);

test("were half of a region's pods kept from ejection, the sick one would go on failing: the checks above can fail", async () => {
  const rule: KubernetesObject = {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "DestinationRule",
    metadata: { name: `${API_GATEWAY.name}-primary`, namespace: NAMESPACES.sharedServices },
  };
  const { body } = await virginia.cluster.client.read(rule);
  const spec = objectAt(body, "spec");
  const trafficPolicy = objectAt(spec, "trafficPolicy");
  const half = { ...objectAt(trafficPolicy, "outlierDetection"), maxEjectionPercent: 50 };
  await virginia.cluster.apply({
    ...rule,
    spec: { ...spec, trafficPolicy: { ...trafficPolicy, outlierDetection: half } },
  });
  await virginia.cluster.client.waitFor("the gateway to know the rule", async () => {
    const url = "http://127.0.0.1:15000/config_dump?resource=dynamic_active_clusters";
    const { stdout } = await run(virginia.gateway.host, ["curl", "-s", "-m", "10", url]);
    return /"max_ejection_percent": 50/.test(stdout.slice(stdout.indexOf(`"outbound|${PORTS.http}||${SERVICE}"`)));
  });
  const samples = await load(virginia, 5 + FAILOVER_BOUND + 5, async (startAt) => {
    await sleep(startAt + 5_000 - Date.now());
    writeFileSync(virginia.sickFile, "");
  });
  const seen = answers(between(samples, 5 + FAILOVER_BOUND));
  rows.push(["counter-check: the same with maxEjectionPercent 50", "some still fail", seen.join(", ")]);
  expect(seen).toContain(`503 ${virginia.name}`);
});

/** The body of an answer to a client of a region. */
async function answerOf(region: MeshOfRegion): Promise<string> {
  const host = `${API_GATEWAY.hostLabel}.${regions.environment.domain}`;
  const tls = { servername: host, alpn: "http/1.1" };
  const request = { address: region.gateway.host.address, port: PORTS.gatewayHttps, host, path: "/", tls };
  return (await call(region.cluster.loadBalancer, SERVICE_ACCOUNT_ID, request)).body ?? "";
}
