import { join } from "node:path";
import { PORTS, principal } from "../../../config";
import { peerAuthenticationOf } from "./peer-authentication";
import { hostOf, MESH_ALPN, podOf, sniOf } from "./attacks";
import { call, callThroughSidecar, describeOutcome, type Outcome } from "./call";
import { issueCertificate } from "./certificates";
import { run } from "./hosts";
import type { RunningPod } from "./pod";
import { PolicyLayer } from "./policies";
import { PROXY_ACCOUNT } from "./proxy-agent";
import { record } from "../criteria";
import { SERVICE_ACCOUNT_ID } from "./service-program";
import { theWorld } from "./world";

const world = theWorld();
const namespace = "tenant-cedar";
const server = podOf(world, namespace, "task-service");
const client = podOf(world, namespace, "project-service");
const host = hostOf(server.service, namespace);
const request = { address: server.host.address, port: PORTS.http, host, path: "/api/tasks" };

/** Ports of a sidecar that answer without mutual TLS: merged metrics, readiness, Envoy's own statistics. */
const DOCUMENTED_PORTS = [PORTS.sidecarMetrics, PORTS.envoyReadiness, PORTS.envoyStats];

const rows: string[][] = [];

afterAll(() => {
  record({
    id: "A2",
    title: "all service-to-service traffic is mTLS",
    text: [
      "NetworkPolicies are taken away first where they would answer in the place of TLS. The three ports that answer without",
      "mutual TLS are the sidecar's own: metrics, readiness and Envoy's statistics, which Prometheus and the kubelet read.",
    ].join("\n"),
    columns: ["check", "seen"],
    rows,
  });
});

function spiffe(pod: RunningPod): string {
  return `spiffe://${principal(pod.namespace, pod.serviceAccount)}`;
}

/** Without an answer of the service: reset, closed, or a TLS alert. */
function isRefused(outcome: Outcome): boolean {
  return outcome.status === undefined;
}

describe("with NetworkPolicies out of the way", () => {
  const namespaces = [...new Set(world.services.map((pod) => pod.namespace))];
  const network = new PolicyLayer(world, "NetworkPolicy", namespaces);

  beforeAll(() => network.remove());
  afterAll(() => network.restore());

  test("no pod of any tenant takes plaintext at its service's port", async () => {
    const outcomes = await Promise.all(
      world.services.map((pod) =>
        call(world.cluster.loadBalancer, SERVICE_ACCOUNT_ID, { ...request, address: pod.host.address }),
      ),
    );
    rows.push([`plaintext to port ${PORTS.http} of all ${outcomes.length} pods`, kindsOf(outcomes)]);
    expect(outcomes.filter((outcome) => !isRefused(outcome))).toEqual([]);
  });

  test("nor TLS without a client's certificate", async () => {
    const tls = { servername: sniOf(host), alpn: MESH_ALPN };
    const outcome = await call(world.cluster.loadBalancer, SERVICE_ACCOUNT_ID, { ...request, tls });
    rows.push(["TLS without a client's certificate", describeOutcome(outcome)]);
    expect(isRefused(outcome)).toBe(true);
  });

  test.each([
    ["another trust domain", `spiffe://other.example/ns/${namespace}/sa/${client.serviceAccount}`],
    ["the mesh's own trust domain, from an authority that is not the mesh's", spiffe(client)],
  ])("nor a certificate of %s", async (title, id) => {
    const folder = join(world.cluster.folder, "foreign", title.replaceAll(/\W+/g, "-"));
    const { key, cert } = await issueCertificate(folder, `URI:${id}`, "clientAuth");
    const tls = { key, cert, servername: sniOf(host), alpn: MESH_ALPN };
    const outcome = await call(world.cluster.loadBalancer, SERVICE_ACCOUNT_ID, { ...request, tls });
    rows.push([`a certificate of ${title}`, describeOutcome(outcome)]);
    expect(isRefused(outcome)).toBe(true);
  });
});

test("both sides bear the SPIFFE id of their own namespace and service account, in every tenant", async () => {
  for (const pod of world.services.filter(({ service }) => service === "task-service")) {
    const caller = podOf(world, pod.namespace, "user-service");
    const known = { address: pod.host.address, host: hostOf(pod.service, pod.namespace), port: PORTS.http, path: "/" };
    const tls = { ...world.pods.credentialsOf(caller), servername: sniOf(known.host), alpn: MESH_ALPN };
    const direct = await call(caller.host, PROXY_ACCOUNT, { ...known, tls });
    expect(direct.peer).toBe(`URI:${spiffe(pod)}`);

    const usual = await callThroughSidecar(caller, SERVICE_ACCOUNT_ID, `http://${known.host}:${PORTS.http}/`);
    const answer = JSON.parse(usual.body ?? "{}") as { peer?: string };
    expect(answer.peer).toContain(`By=${spiffe(pod)};`);
    expect(answer.peer).toContain(`URI=${spiffe(caller)}`);
  }
  rows.push(["certificates of servers and clients, by the server's certificate and by XFCC", "each its own SPIFFE id"]);
});

test("of all ports that a pod listens on, three answer without mutual TLS", async () => {
  const { stdout } = await run(server.host, ["ss", "-ltnH"]);
  const ports = [...new Set(stdout.split("\n").map((line) => Number(/:(\d+)\s/.exec(line)?.[1])))].filter(Boolean);
  const answered: number[] = [];
  for (const port of ports.sort((a, b) => a - b)) {
    const outcome = await call(client.host, PROXY_ACCOUNT, { ...request, port, path: "/healthz/ready" });
    if (!isRefused(outcome)) {
      answered.push(port);
    }
  }
  rows.push([`plaintext to all ${ports.length} listening ports, from a pod of the same tenant`, answered.join(", ")]);
  expect(ports).toContain(PORTS.http);
  expect(answered).toEqual(DOCUMENTED_PORTS);
});

test("were plaintext allowed in the namespace, it would be answered: the checks above can fail", async () => {
  const authorization = new PolicyLayer(world, "AuthorizationPolicy", [namespace]);
  const permissive = peerAuthenticationOf(namespace, "PERMISSIVE");
  await authorization.remove();
  await world.cluster.apply(permissive);
  try {
    await world.cluster.client.waitFor("plaintext to pass", async () => {
      return (await call(client.host, PROXY_ACCOUNT, request)).status === 200;
    });
    rows.push(["counter-check: plaintext with mode PERMISSIVE and no AuthorizationPolicy", "HTTP 200"]);
  } finally {
    await world.cluster.client.delete(permissive);
    await authorization.restore();
  }
  await world.cluster.client.waitFor("plaintext to be refused again", async () =>
    isRefused(await call(client.host, PROXY_ACCOUNT, request)),
  );
});

function kindsOf(outcomes: readonly Outcome[]): string {
  return [...new Set(outcomes.map(describeOutcome))].sort().join(", ");
}
