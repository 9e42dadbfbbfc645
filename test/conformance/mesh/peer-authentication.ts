import type { KubernetesObject } from "../../../tools/manifests/object";

/** A namespace's own mode of mutual TLS: what nobody may write there, and a counter-check needs. */
export function peerAuthenticationOf(namespace: string, mode: "PERMISSIVE" | "STRICT"): KubernetesObject {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name: "counter-check", namespace },
    spec: { mtls: { mode } },
  };
}
