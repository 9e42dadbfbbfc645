import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { LABELS, PORTS, TIER_NAMES } from "../../../config";
import { isArray, isObject, type Json, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { record } from "../criteria";
import { binaryPath } from "../engines/binaries";
import { hostOf } from "./attacks";
import { run } from "./hosts";
import { bucketOf } from "./limits";
import { isReviewed, review } from "./review";
import { theWorld } from "./world";

const world = theWorld();

const objects = world.cluster.manifests.map(({ object }) => object).filter(isReviewed);

const rows: string[][] = [];

afterAll(() => {
  record({
    id: "Validation",
    title: "Istio's own checks find nothing",
    text: [
      "Every object of Istio's that was synthesized, put before the checkers that Istio itself has. Envoy takes unknown fields",
      "with a warning, so that what EnvoyFilters add is looked for in the configuration that it runs.",
    ].join("\n"),
    columns: ["check", "seen"],
    rows,
  });
});

/** What the checkers say although nothing is wrong, each with its reason. */
const EXPECTED = {
  /** Said of every EnvoyFilter: they are for those who know. */
  warning: /EnvoyFilter exposes internal implementation details/,
  /** The analyzer takes a DestinationRule's wildcard host by the letter, and finds no Service that bears it. */
  wildcardHosts: "IST0174=DestinationRule *",
  /** For the same reason it finds no subset for a Service. That there is one is tested below, for each that it misses. */
  wildcardSubset: /^Referenced host\+subset in destinationrule not found: "([\w.-]+)\+([\w-]+)"$/,
  /** Kubernetes' own namespace, where nothing of ours is. */
  foreignNamespace: "Namespace default",
} as const;

/** What `istioctl analyze` says of the whole cluster. */
interface Analysis {
  readonly messages: readonly JsonObject[];
  /** Envoy's names of the clusters that it holds to be missing. */
  readonly missingSubsets: readonly string[];
}

async function analyze(): Promise<Analysis> {
  const cluster = ["--all-namespaces", "--kubeconfig", world.cluster.adminKubeconfig()];
  const args = ["analyze", ...cluster, "--suppress", EXPECTED.wildcardHosts, "--output", "json"];
  // It ends with an error when it finds one; what it found is on its standard output all the same.
  const { stdout } = await promisify(execFile)(binaryPath("istioctl"), args).catch(
    (error: unknown) => error as { stdout: string },
  );
  const found = JSON.parse(stdout) as Json;
  const messages = (isArray(found) ? found.filter(isObject) : [])
    .filter(({ origin }) => origin !== EXPECTED.foreignNamespace)
    .filter(({ message }) => !EXPECTED.warning.test(String(message)));
  const subsets = messages.map(({ message }) => EXPECTED.wildcardSubset.exec(String(message)));
  return {
    messages: messages.filter((_, index) => subsets[index] === null),
    missingSubsets: subsets.flatMap((match) =>
      match === null ? [] : [`outbound|${PORTS.http}|${match[2] ?? ""}|${match[1] ?? ""}`],
    ),
  };
}

function count(number: number, noun: string): string {
  return `${number === 0 ? "no" : number} ${noun}${number === 1 ? "" : "s"}`;
}

async function configDump(host: Parameters<typeof run>[0]): Promise<string> {
  return (await run(host, ["curl", "-s", "-m", "10", "http://127.0.0.1:15000/config_dump"])).stdout;
}

/** Those of some clusters that the gateway does not have. */
async function absentAtGateway(clusters: readonly string[]): Promise<readonly string[]> {
  const dump = await configDump(world.gateway.host);
  return clusters.filter((name) => !dump.includes(`"name": "${name}"`));
}

test("istioctl analyze has nothing to say", async () => {
  const { messages, missingSubsets } = await analyze();
  rows.push([`istioctl analyze over ${objects.length} objects of Istio's`, count(messages.length, "message")]);
  expect(messages).toEqual([]);

  rows.push([
    "subsets by a wildcard host, which the analyzer cannot follow: those that the gateway has",
    `all ${missingSubsets.length}`,
  ]);
  expect(missingSubsets).toHaveLength(world.services.length);
  expect(await absentAtGateway(missingSubsets)).toEqual([]);
});

test("istioctl analyze does speak of a route to a gateway, a host and a subset that do not exist", async () => {
  const host = hostOf("task-service", "tenant-acme");
  const wrong: KubernetesObject = {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "counter-check", namespace: "tenant-acme" },
    spec: {
      hosts: ["counter.example.com"],
      gateways: ["istio-ingress/missing"],
      http: [
        { match: [{ uri: { prefix: "/subset" } }], route: [{ destination: { host, subset: "v9" } }] },
        { route: [{ destination: { host: "missing" } }] },
      ],
    },
  };
  await world.cluster.apply(wrong);
  const { messages, missingSubsets } = await analyze().finally(() => world.cluster.client.delete(wrong));
  const said = messages.map(({ message }) => String(message)).join("\n");
  expect(said).toContain('Referenced gateway not found: "istio-ingress/missing"');
  expect(said).toContain('Referenced host not found: "missing"');
  const subset = `outbound|${PORTS.http}|v9|${host}`;
  expect(await absentAtGateway(missingSubsets)).toEqual([subset]);
  rows.push(["counter-check: a route to a gateway, a host and a subset that are not there", "all three reported"]);
});

test("istiod's webhook admits every object without a warning", async () => {
  const complaints: string[] = [];
  for (const object of objects) {
    const { allowed, message, warnings } = await review(world, object);
    const unexpected = warnings.filter((warning) => !EXPECTED.warning.test(warning));
    if (!allowed || unexpected.length > 0) {
      complaints.push(`${object.kind} ${object.metadata.name ?? ""}: ${message} ${unexpected.join("; ")}`);
    }
  }
  rows.push([`istiod's webhook over ${objects.length} objects`, count(complaints.length, "complaint")]);
  expect(complaints).toEqual([]);
});

test("istiod's webhook refuses a policy without an action that it knows, and warns of a field of Envoy's that there is not", async () => {
  const policy = objects.find(({ kind }) => kind === "AuthorizationPolicy");
  const filter = objects.find(({ kind }) => kind === "EnvoyFilter");
  if (policy === undefined || filter === undefined) {
    throw new Error("the fleet has neither AuthorizationPolicy nor EnvoyFilter");
  }
  expect(
    (await review(world, { ...policy, spec: { action: "DENY", rules: [{ from: [{ source: {} }] }] } })).allowed,
  ).toBe(false);
  const text = JSON.stringify(filter).replace('"timeout":', '"timeoutt":').replace('"stat_prefix":', '"stat_prefixx":');
  const { allowed, warnings, message } = await review(world, JSON.parse(text) as KubernetesObject);
  const unexpected = warnings.filter((warning) => !EXPECTED.warning.test(warning));
  rows.push([
    "counter-check: an empty source in a policy; a misspelt field of an EnvoyFilter",
    "refused; refused or warned of",
  ]);
  expect(allowed ? unexpected.join("; ") : message).toMatch(/unknown field|timeoutt|stat_prefixx/);
});

test("the global rate limit stands in the gateway's configuration, and each tier's local one in its sidecars'", async () => {
  const gateway = await configDump(world.gateway.host);
  expect(gateway).toContain('"domain": "gateway"');
  expect(gateway).toContain('"text": "xds.route_name"');
  for (const name of TIER_NAMES) {
    const pods = world.services.filter(({ labels }) => labels[LABELS.tier] === name);
    expect(pods.length).toBeGreaterThan(0);
    for (const pod of pods) {
      expect(await configDump(pod.host)).toContain(`"max_tokens": ${bucketOf(name)}`);
    }
  }
  rows.push([
    "EnvoyFilters in the configuration that Envoy runs",
    "global limit at the gateway, local limits in all sidecars",
  ]);
});
