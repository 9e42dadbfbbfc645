import type { JsonObject } from "../../tools/manifests/json";
import type { KubernetesObject } from "../../tools/manifests/object";
import { listAt, objectAt } from "./json";

const PROXY_IMAGE = "proxyv2";
const ANNOTATION = "sidecar.istio.io/";

/** What Istio's injection template gives both of its containers where its CNI plugin sets up the redirection. */
const SECURITY_CONTEXT = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsGroup: 1337,
  runAsNonRoot: true,
  runAsUser: 1337,
} as const;

const VOLUMES: readonly JsonObject[] = [
  { name: "workload-socket", emptyDir: {} },
  { name: "credential-socket", emptyDir: {} },
  { name: "workload-certs", emptyDir: {} },
  { name: "istio-envoy", emptyDir: { medium: "Memory" } },
  { name: "istio-data", emptyDir: {} },
  {
    name: "istio-podinfo",
    downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
  },
  {
    name: "istio-token",
    projected: {
      sources: [{ serviceAccountToken: { path: "istio-token", expirationSeconds: 43200, audience: "istio-ca" } }],
    },
  },
  { name: "istiod-ca-cert", configMap: { name: "istio-ca-root-cert" } },
];

/** The sidecar's size, which the injector reads from the pod's annotations; the validation container gets the same. */
function proxyResources(annotations: JsonObject): JsonObject {
  const of = (cpu: string, memory: string): JsonObject =>
    Object.fromEntries(
      Object.entries({ cpu: annotations[ANNOTATION + cpu], memory: annotations[ANNOTATION + memory] }).filter(
        ([, quantity]) => quantity !== undefined,
      ),
    );
  return { requests: of("proxyCPU", "proxyMemory"), limits: of("proxyCPULimit", "proxyMemoryLimit") };
}

/** True if the injector adds a sidecar of stated size to the Deployment's pods. */
export function isInjected(deployment: KubernetesObject): boolean {
  return objectAt(deployment, "spec", "template", "metadata", "annotations")[`${ANNOTATION}proxyCPU`] !== undefined;
}

/** A pod as the Deployment's ReplicaSet would make it, and nobody would change it. */
export function plainPod(deployment: KubernetesObject, name: string): KubernetesObject {
  const template = objectAt(deployment, "spec", "template");
  const { namespace } = deployment.metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...objectAt(template, "metadata"), name, ...(namespace === undefined ? {} : { namespace }) },
    spec: objectAt(template, "spec"),
  };
}

/**
 * A pod as the Deployment's ReplicaSet would make it after Istio's injector has changed it: the CNI's validation container,
 * then Envoy as a native sidecar. This is what Pod Security, the LimitRange and the ResourceQuota get to see.
 */
export function injectedPod(deployment: KubernetesObject, name: string): KubernetesObject {
  const pod = plainPod(deployment, name);
  const spec = objectAt(pod, "spec");
  const resources = proxyResources(objectAt(pod, "metadata", "annotations"));
  const injected = { image: PROXY_IMAGE, resources, securityContext: SECURITY_CONTEXT };
  return {
    ...pod,
    spec: {
      ...spec,
      initContainers: [
        { name: "istio-validation", args: ["istio-iptables", "--run-validation", "--skip-rule-apply"], ...injected },
        {
          name: "istio-proxy",
          args: ["proxy", "sidecar"],
          restartPolicy: "Always",
          ports: [{ name: "http-envoy-prom", containerPort: 15090, protocol: "TCP" }],
          volumeMounts: VOLUMES.map((volume) => ({
            name: volume["name"] ?? "",
            mountPath: `/${String(volume["name"])}`,
          })),
          ...injected,
        },
        ...listAt(spec, "initContainers"),
      ],
      volumes: [...listAt(spec, "volumes"), ...VOLUMES],
    },
  };
}

/** Replicas that a Deployment asks for; one, where it is scaled down, to test its template all the same. */
export function replicasOf(deployment: KubernetesObject): number {
  const replicas = objectAt(deployment, "spec")["replicas"];
  return typeof replicas === "number" ? Math.max(1, replicas) : 1;
}

/** Small pod that Pod Security `restricted` lets pass, with changes to its container or to itself. */
export function barePod(
  namespace: string,
  name: string,
  container: JsonObject = {},
  spec: JsonObject = {},
): KubernetesObject {
  const securityContext = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name: "app", image: "app", securityContext, ...container }],
      ...spec,
    },
  };
}
