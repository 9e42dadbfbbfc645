import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { EAST_WEST_GATEWAY, INGRESS_GATEWAY, NAMESPACES, PORTS, SERVICE_ACCOUNTS } from "../../../config";
import { isObject, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { barePod } from "../injected-pod";

/** What charts would bring, as far as discovery and policies see it: Helm itself renders nothing here. */

/** Secret that the synthesized Gateway names. */
const GATEWAY_CREDENTIAL = "taskflow-gateway-tls";

const GATEWAY = { namespace: NAMESPACES.istioIngress, name: SERVICE_ACCOUNTS.ingressGateway };

const ISTIOD_LABELS = { app: "istiod", istio: "pilot" } as const;

const GATEWAY_LABELS = { app: INGRESS_GATEWAY.release, istio: INGRESS_GATEWAY.istioLabel } as const;

function service(
  namespace: string,
  name: string,
  selector: JsonObject,
  ports: readonly JsonObject[],
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { namespace, name, labels: selector },
    spec: { selector, ports },
  };
}

/** Services, the gateway's account and its right to read the Secret with its certificate. */
export const CHART_OBJECTS: readonly KubernetesObject[] = [
  service(NAMESPACES.istioSystem, "istiod", ISTIOD_LABELS, [
    { name: "https-dns", port: PORTS.istiodXds, protocol: "TCP" },
    { name: "https-webhook", port: 443, targetPort: 15_017, protocol: "TCP" },
    { name: "http-monitoring", port: 15_014, protocol: "TCP" },
  ]),
  service(GATEWAY.namespace, INGRESS_GATEWAY.release, GATEWAY_LABELS, [
    { name: "status-port", port: PORTS.envoyReadiness, protocol: "TCP" },
    { name: "https", port: PORTS.gatewayHttps, protocol: "TCP" },
  ]),
  { apiVersion: "v1", kind: "ServiceAccount", metadata: GATEWAY },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: GATEWAY,
    rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "watch", "list"] }],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: GATEWAY,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: GATEWAY.name },
    subjects: [{ kind: "ServiceAccount", name: GATEWAY.name, namespace: GATEWAY.namespace }],
  },
];

/** istiod's pod. */
export function istiodPod(): KubernetesObject {
  return labelled(barePod(NAMESPACES.istioSystem, "istiod"), ISTIOD_LABELS);
}

/** A pod of the ingress gateway. */
export function gatewayPod(name: string): KubernetesObject {
  return labelled(proxyPod(name, PORTS.gatewayHttps, GATEWAY.name), GATEWAY_LABELS);
}

/** The account of the east-west gateway. Its Service is for the TargetGroupBinding alone, and there is no controller here. */
export const EAST_WEST_ACCOUNT: KubernetesObject = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { namespace: GATEWAY.namespace, name: EAST_WEST_GATEWAY.release },
};

/**
 * A pod of the east-west gateway.
 *
 * @param labels - of the release's values
 */
export function eastWestGatewayPod(name: string, labels: JsonObject): KubernetesObject {
  const { release, istioLabel } = EAST_WEST_GATEWAY;
  return labelled(proxyPod(name, PORTS.eastWest, release), { ...labels, app: release, istio: istioLabel });
}

function proxyPod(name: string, port: number, serviceAccountName: string): KubernetesObject {
  const ports = [port, PORTS.envoyReadiness].map((containerPort) => ({ containerPort }));
  return barePod(GATEWAY.namespace, name, { name: "istio-proxy", ports }, { serviceAccountName });
}

/**
 * Flagger's load tester, as its chart makes it from the release's values.
 *
 * @param values - of the release
 */
export function loadtester(values: JsonObject): KubernetesObject {
  const { fullnameOverride, podLabels, serviceAccountName, securityContext } = values;
  const name = String(fullnameOverride);
  const context = isObject(securityContext) && isObject(securityContext["context"]) ? securityContext["context"] : {};
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: NAMESPACES.sharedServices },
    spec: {
      template: {
        metadata: { labels: { app: name, ...(isObject(podLabels) ? podLabels : {}) } },
        spec: {
          serviceAccountName: String(serviceAccountName),
          // Istio's injector gives its containers theirs by the value `global.proxy.seccompProfile`.
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          containers: [{ name: "loadtester", image: "loadtester", securityContext: context }],
        },
      },
    },
  };
}

function labelled(pod: KubernetesObject, labels: JsonObject): KubernetesObject {
  return { ...pod, metadata: { ...pod.metadata, labels } };
}

/** The Secret that cert-manager would write: a self-signed certificate. */
export async function gatewayCertificate(folder: string): Promise<KubernetesObject> {
  const [key, certificate] = ["gateway.key", "gateway.crt"].map((name) => join(folder, name)) as [string, string];
  const subject = ["-subj", "/CN=gateway", "-days", "1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await promisify(execFile)("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", certificate]);
  const encode = (path: string): string => readFileSync(path).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { name: GATEWAY_CREDENTIAL, namespace: GATEWAY.namespace },
    data: { "tls.key": encode(key), "tls.crt": encode(certificate) },
  };
}
