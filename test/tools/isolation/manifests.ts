import { readCluster } from "../../../tools/isolation/cluster";
import { connectivity } from "../../../tools/isolation/connectivity";
import { Connections } from "../../../tools/isolation/connections";
import { readText } from "../../../tools/isolation/reader";
import { Problems } from "../../../tools/isolation/source";

/** What is wrong with a text of manifests, named `a.yaml`. */
export function problemsOf(text: string): readonly string[] {
  const problems = new Problems();
  readCluster(readText(text, "a.yaml", problems), problems);
  return problems.messages;
}

/**
 * Every pair of manifests as `from > to: TCP 80`.
 *
 * @throws Error if something is wrong with them
 */
export function reach(...texts: readonly string[]): readonly string[] {
  const problems = new Problems();
  const cluster = readCluster(readText(texts.join("\n---\n"), "a.yaml", problems), problems);
  if (problems.messages.length > 0) {
    throw new Error(problems.messages.join("\n"));
  }
  return connectivity(cluster, { allowedOnly: false }).map(({ from, to, allowed }) => {
    const connections = allowed.reduce(
      (sum, { protocol, ports }) => sum.union(Connections.of(protocol, ports)),
      Connections.none,
    );
    return `${from} > ${to}: ${connections.toString()}`;
  });
}

/** Of the pairs, those between pods: without addresses outside of the cluster. */
export function podReach(...texts: readonly string[]): readonly string[] {
  return reach(...texts).filter((pair) => !/\d-\d/.test(pair.split(":")[0] ?? ""));
}

/** A pod `namespace/name` with labels `app: name` and a port 80 called http. */
export function pod(
  namespace: string,
  name: string,
  more: { readonly spec?: object; readonly labels?: object; readonly status?: object } = {},
): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { app: name, ...more.labels } },
    spec: { containers: [{ name: "c", ports: [{ name: "http", containerPort: 80 }] }], ...more.spec },
    ...(more.status ? { status: more.status } : {}),
  });
}

/** A namespace with labels. */
export function namespace(name: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
}

/** A NetworkPolicy of namespace `x`, its spec in YAML's flow style. */
export function policy(spec: string, name = "p"): string {
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}, namespace: x}, spec: ${spec}}`;
}
