import { INGRESS_GATEWAY } from "../../../config";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { type AdmissionCases, inOtherNamespace, OTHER_SERVICE, type Refusal, tenantObject } from "./case";

const ISTIO = "networking.istio.io/v1";
const SECURITY = "security.istio.io/v1";

/** One of each kind that has no place in a tenant's namespace. */
const FOREIGN_KINDS: readonly KubernetesObject[] = [
  tenantObject("elbv2.k8s.aws/v1beta1", "TargetGroupBinding", {
    spec: { serviceRef: { name: "task-service", port: 8080 }, targetGroupARN: "arn", targetType: "ip" },
  }),
  tenantObject("networking.k8s.io/v1", "Ingress", {
    spec: { defaultBackend: { service: { name: "task-service", port: { number: 8080 } } } },
  }),
  tenantObject("gateway.networking.k8s.io/v1", "Gateway", {
    spec: { gatewayClassName: "istio", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
  }),
  tenantObject("gateway.networking.k8s.io/v1", "HTTPRoute", { spec: { parentRefs: [{ name: "gateway" }] } }),
  tenantObject(ISTIO, "Gateway", {
    spec: {
      selector: { istio: INGRESS_GATEWAY.istioLabel },
      servers: [{ port: { number: 443, name: "https", protocol: "HTTPS" }, hosts: ["*"] }],
    },
  }),
  tenantObject("networking.istio.io/v1alpha3", "EnvoyFilter", { spec: { configPatches: [] } }),
  tenantObject("networking.istio.io/v1beta1", "ProxyConfig", { spec: { concurrency: 1 } }),
  tenantObject(ISTIO, "Sidecar", { spec: { egress: [{ hosts: ["*/*"] }] } }),
  tenantObject(ISTIO, "ServiceEntry", {
    spec: { hosts: [OTHER_SERVICE], ports: [{ number: 80, name: "http", protocol: "HTTP" }], resolution: "DNS" },
  }),
  tenantObject(ISTIO, "WorkloadEntry", { spec: { address: "10.0.128.1" } }),
  tenantObject(ISTIO, "WorkloadGroup", { spec: { template: {} } }),
  tenantObject(SECURITY, "PeerAuthentication", { spec: { mtls: { mode: "PERMISSIVE" } } }),
  tenantObject(SECURITY, "RequestAuthentication", {
    spec: { jwtRules: [{ issuer: "a", jwksUri: "https://169.254.169.254/" }] },
  }),
  tenantObject("extensions.istio.io/v1alpha1", "WasmPlugin", { spec: { url: "oci://example.com/plugin" } }),
  tenantObject("vpcresources.k8s.aws/v1beta1", "SecurityGroupPolicy", {
    spec: { podSelector: {}, securityGroups: { groupIds: ["sg-1"] } },
  }),
];

const reachingPast = (foreign: KubernetesObject): Refusal => {
  const [group = ""] = foreign.apiVersion.split("/");
  return {
    title: `a ${foreign.kind} of ${group}`,
    object: foreign,
    reason: `${foreign.kind} of ${group}: reaches past a tenant's namespace; allowed: none`,
  };
};

/** Kinds that have no place in the namespace. */
export const KINDS: AdmissionCases = {
  policy: "tenant-kinds",
  sound: FOREIGN_KINDS.map(inOtherNamespace),
  refused: FOREIGN_KINDS.map(reachingPast),
};
