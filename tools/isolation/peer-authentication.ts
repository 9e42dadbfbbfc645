import { DEFAULT_NAMESPACE } from "./network-policy";
import { Selector } from "./selector";
import { Field, type Problems, type SourceObject } from "./source";

const MODES = ["UNSET", "DISABLE", "PERMISSIVE", "STRICT"] as const;

/** What a sidecar takes: plaintext alone, both, or mutual TLS alone. */
export type MutualTlsMode = Exclude<(typeof MODES)[number], "UNSET">;

/** A PeerAuthentication of Istio (security.istio.io/v1). */
export interface PeerAuthentication {
  readonly title: string;
  readonly namespace: string;
  readonly pods: Selector;
  /** @default - what the next wider policy says */
  readonly mode?: MutualTlsMode;
  /** By port of the pod; heard only where the policy selects pods. */
  readonly ports: ReadonlyMap<number, MutualTlsMode>;
}

export function readPeerAuthentication(source: SourceObject, problems: Problems): PeerAuthentication {
  const { namespace = DEFAULT_NAMESPACE, name = "" } = source.object.metadata;
  const spec = Field.root(source, problems).get("spec");
  spec.object(["selector", "mtls", "portLevelMtls"]);
  const mode = readMode(spec.get("mtls"));
  const ports = new Map<number, MutualTlsMode>();
  const portLevel = spec.get("portLevelMtls");
  for (const port of Object.keys(portLevel.value ?? {})) {
    const portMode = readMode(portLevel.get(port));
    if (portMode !== undefined) {
      ports.set(Number(port), portMode);
    }
  }
  return {
    title: `PeerAuthentication ${namespace}/${name}`,
    namespace,
    pods: Selector.labels(spec.get("selector").object(["matchLabels"]).get("matchLabels").labels()),
    ...(mode === undefined ? {} : { mode }),
    ports,
  };
}

function readMode(field: Field): MutualTlsMode | undefined {
  const mode = field.object(["mode"]).get("mode").word(MODES);
  return mode === "UNSET" ? undefined : mode;
}
