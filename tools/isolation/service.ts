import type { Workload } from "./endpoint";
import { grouped } from "../grouped";
import { DEFAULT_NAMESPACE } from "./network-policy";
import { Selector } from "./selector";
import { Field, type Labels, type Problems, type SourceObject } from "./source";

/** How Envoy reads a connection, which decides what conditions a policy can hold against it. */
export type ApplicationProtocol = "HTTP" | "TCP";

export interface ServicePort {
  /** @default "TCP" */
  readonly transport: string;
  readonly port: number;
  /** Number, or name of a port of the pods. */
  readonly targetPort: number | string;
  /** @default - Envoy tells by what is sent */
  readonly protocol?: ApplicationProtocol;
}

/** A Service of the Kubernetes API that selects pods. */
export interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  readonly source: SourceObject;
}

/** Istio's protocols, as `appProtocol` or as the first part of a port's name says them. */
const PROTOCOLS: Readonly<Record<string, ApplicationProtocol>> = {
  http: "HTTP",
  http2: "HTTP",
  grpc: "HTTP",
  "grpc-web": "HTTP",
  "kubernetes.io/h2c": "HTTP",
  "kubernetes.io/ws": "HTTP",
  tcp: "TCP",
  tls: "TCP",
  https: "TCP",
  mongo: "TCP",
  mysql: "TCP",
  redis: "TCP",
  "kubernetes.io/wss": "TCP",
};

/** @returns undefined for a Service without a selector, whose endpoints somebody else names */
export function readService(source: SourceObject, problems: Problems): Service | undefined {
  const { namespace = DEFAULT_NAMESPACE, name = "" } = source.object.metadata;
  const spec = Field.root(source, problems).get("spec");
  const selector = spec.get("selector").labels();
  if (selector.size === 0) {
    return undefined;
  }
  const ports = spec
    .get("ports")
    .items()
    .flatMap((item): ServicePort[] => {
      const port = item.get("port").integer(1, 65_535);
      const { value: target } = item.get("targetPort");
      const words = [item.get("appProtocol").text(), item.get("name").text(), item.get("name").text()?.split("-")[0]];
      const protocol = words.map((word) => (word === undefined ? undefined : PROTOCOLS[word])).find(Boolean);
      return port === undefined
        ? []
        : [
            {
              transport: item.get("protocol").text() ?? "TCP",
              port,
              targetPort: typeof target === "number" || typeof target === "string" ? target : port,
              ...(protocol === undefined ? {} : { protocol }),
            },
          ];
    });
  return { name, namespace, selector, ports, source };
}

/** Finds the Services that send to a workload. */
export class Services {
  private readonly byNamespace: ReadonlyMap<string, readonly Service[]>;

  constructor(services: readonly Service[]) {
    this.byNamespace = grouped(services, ({ namespace }) => namespace);
  }

  /** How Envoy reads what comes in at each of a workload's ports that Services send to. */
  public protocols(workload: Workload): ReadonlyMap<number, readonly ApplicationProtocol[]> {
    const protocols = new Map<number, readonly ApplicationProtocol[]>();
    const services = (this.byNamespace.get(workload.namespace) ?? []).filter(({ selector }) =>
      Selector.labels(selector).matches(workload.labels),
    );
    for (const { targetPort, protocol, transport } of services.flatMap(({ ports }) => ports)) {
      const port =
        typeof targetPort === "number" ? targetPort : workload.ports.find(({ name }) => name === targetPort)?.port;
      if (port !== undefined && protocol !== undefined && transport === "TCP") {
        protocols.set(port, [...new Set([...(protocols.get(port) ?? []), protocol])].sort());
      }
    }
    return protocols;
  }
}
