import { exportManifests } from "../../../tools/manifests/export";
import type { JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { removeOutputs, writeOutput } from "./fixture";

afterEach(removeOutputs);

/** Exports one resource of the given type. */
function convertOne(type: string, body: JsonObject): KubernetesObject {
  const [only] = exportManifests(writeOutput({ app: { resource: { [type]: { it: body }, aws_subnet: { db: {} } } } }));
  if (only === undefined) {
    throw new Error("nothing exported");
  }
  return only.object;
}

describe("typed resources", () => {
  test("a deployment gets the API's plural names, integers and objects", () => {
    const object = convertOne("kubernetes_deployment_v1", {
      "//": { metadata: { path: "app/it" } },
      depends_on: ["kubernetes_namespace_v1.acme"],
      lifecycle: { prevent_destroy: true },
      wait_for_rollout: false,
      timeouts: { create: "10m" },
      metadata: { name: "web", namespace: "tenant-acme", labels: { "taskflow.io/tenant": "acme" } },
      spec: {
        replicas: "3",
        strategy: { type: "RollingUpdate", rolling_update: { max_surge: "1", max_unavailable: "25%" } },
        selector: { match_labels: { app: "web" }, match_expressions: [{ key: "a", operator: "Exists" }] },
        template: {
          metadata: { annotations: { "sidecar.istio.io/proxyCPU": "100m" } },
          spec: {
            automount_service_account_token: false,
            security_context: { run_as_user: "1000", seccomp_profile: { type: "RuntimeDefault" } },
            toleration: [{ key: "tier", toleration_seconds: "60" }],
            topology_spread_constraint: [
              { max_skew: 1, topology_key: "zone", label_selector: [{ match_labels: { app: "web" } }] },
            ],
            volume: [{ name: "tmp", empty_dir: { size_limit: "64Mi" } }],
            init_container: [{ name: "wait", image: "busybox" }],
            container: [
              {
                name: "web",
                env: [{ name: "POD", value_from: { field_ref: { field_path: "metadata.name" } } }],
                port: [{ name: "http", container_port: 8080 }],
                volume_mount: [{ name: "tmp", mount_path: "/tmp" }],
                resources: { requests: { cpu: "100m" }, limits: { cpu: "1" } },
                readiness_probe: {
                  http_get: { path: "/ready", port: "http", http_header: [{ name: "h", value: "v" }] },
                },
                liveness_probe: { tcp_socket: [{ port: "8080" }] },
                lifecycle: { pre_stop: [{ exec: { command: ["sleep", "5"] } }] },
              },
            ],
          },
        },
      },
    });
    expect(object).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "tenant-acme", labels: { "taskflow.io/tenant": "acme" } },
      spec: {
        replicas: 3,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: "25%" } },
        selector: { matchLabels: { app: "web" }, matchExpressions: [{ key: "a", operator: "Exists" }] },
        template: {
          metadata: { annotations: { "sidecar.istio.io/proxyCPU": "100m" } },
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
            tolerations: [{ key: "tier", tolerationSeconds: 60 }],
            topologySpreadConstraints: [
              { maxSkew: 1, topologyKey: "zone", labelSelector: { matchLabels: { app: "web" } } },
            ],
            volumes: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
            initContainers: [{ name: "wait", image: "busybox" }],
            containers: [
              {
                name: "web",
                env: [{ name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
                ports: [{ name: "http", containerPort: 8080 }],
                volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
                resources: { requests: { cpu: "100m" }, limits: { cpu: "1" } },
                readinessProbe: { httpGet: { path: "/ready", port: "http", httpHeaders: [{ name: "h", value: "v" }] } },
                livenessProbe: { tcpSocket: { port: 8080 } },
                lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
              },
            ],
          },
        },
      },
    });
  });

  test("a pod that does not refuse the API token is shown to mount it, as the provider makes it", () => {
    const spec = { template: { metadata: {}, spec: { container: [{ name: "web" }] } } };
    const object = convertOne("kubernetes_deployment_v1", { metadata: { name: "web", namespace: "n" }, spec });
    expect(object["spec"]).toMatchObject({ template: { spec: { automountServiceAccountToken: true } } });
  });

  test("a network policy keeps its empty selector, its lists and its ranges", () => {
    const object = convertOne("kubernetes_network_policy_v1", {
      metadata: { name: "p", namespace: "n" },
      spec: {
        policy_types: ["Ingress", "Egress"],
        pod_selector: {},
        ingress: [
          { from: [{ namespace_selector: { match_labels: { a: "b" } } }], ports: [{ port: "8080", protocol: "TCP" }] },
        ],
        egress: [
          {
            to: [{ ip_block: { cidr: "${aws_subnet.db.cidr_block}", except: ["10.0.0.0/24"] } }],
            ports: [{ port: "dns" }],
          },
        ],
      },
    });
    expect(object["spec"]).toEqual({
      policyTypes: ["Ingress", "Egress"],
      podSelector: {},
      ingress: [
        { from: [{ namespaceSelector: { matchLabels: { a: "b" } } }], ports: [{ port: 8080, protocol: "TCP" }] },
      ],
      egress: [{ to: [{ ipBlock: { cidr: "192.0.2.0/24", except: ["10.0.0.0/24"] } }], ports: [{ port: "dns" }] }],
    });
  });

  test.each<[string, JsonObject, JsonObject]>([
    [
      "kubernetes_service_v1",
      {
        spec: {
          cluster_ip: "None",
          port: [
            { port: 80, target_port: "http" },
            { port: 81, target_port: "8081" },
          ],
        },
      },
      {
        spec: {
          clusterIP: "None",
          ports: [
            { port: 80, targetPort: "http" },
            { port: 81, targetPort: 8081 },
          ],
        },
      },
    ],
    [
      "kubernetes_limit_range_v1",
      { spec: { limit: [{ type: "Container", default_request: { cpu: "50m" }, default: { cpu: "1" } }] } },
      { spec: { limits: [{ type: "Container", defaultRequest: { cpu: "50m" }, default: { cpu: "1" } }] } },
    ],
    ["kubernetes_resource_quota_v1", { spec: { hard: { pods: 10 } } }, { spec: { hard: { pods: "10" } } }],
    [
      "kubernetes_pod_disruption_budget_v1",
      { spec: { min_available: "1", selector: { match_labels: { a: "b" } } } },
      { spec: { minAvailable: 1, selector: { matchLabels: { a: "b" } } } },
    ],
    [
      "kubernetes_horizontal_pod_autoscaler_v2",
      {
        spec: {
          max_replicas: 6,
          scale_target_ref: { api_version: "apps/v1", kind: "Deployment", name: "web" },
          metric: [
            { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", average_utilization: 60 } } },
          ],
          behavior: { scale_down: [{ policy: [{ type: "Pods", value: 1, period_seconds: 60 }] }] },
        },
      },
      {
        spec: {
          maxReplicas: 6,
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
          metrics: [
            { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
          ],
          behavior: { scaleDown: { policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] } },
        },
      },
    ],
    ["kubernetes_service_account_v1", {}, { automountServiceAccountToken: true }],
    ["kubernetes_config_map_v1", { data: { "a.json": "{}" } }, { data: { "a.json": "{}" } }],
    ["kubernetes_secret_v1", { data: { key: "plain" } }, { stringData: { key: "plain" } }],
    ["kubernetes_storage_class_v1", { storage_provisioner: "ebs.csi.aws.com" }, { provisioner: "ebs.csi.aws.com" }],
    ["kubernetes_priority_class_v1", { value: 100 }, { value: 100 }],
    [
      "kubernetes_cluster_role_v1",
      { rule: [{ non_resource_urls: ["/metrics"], verbs: ["get"] }] },
      { rules: [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }] },
    ],
    [
      "kubernetes_role_binding_v1",
      { role_ref: { api_group: "g", kind: "Role", name: "r" }, subject: [{ kind: "ServiceAccount", name: "s" }] },
      { roleRef: { apiGroup: "g", kind: "Role", name: "r" }, subjects: [{ kind: "ServiceAccount", name: "s" }] },
    ],
    [
      "kubernetes_job_v1",
      {
        spec: {
          ttl_seconds_after_finished: "60",
          template: { spec: { volume: [{ secret: { default_mode: "0440" } }] } },
        },
      },
      { spec: { ttlSecondsAfterFinished: 60, template: { spec: { volumes: [{ secret: { defaultMode: 0o440 } }] } } } },
    ],
    [
      "kubernetes_stateful_set_v1",
      {
        spec: {
          volume_claim_template: [{ spec: { resources: { requests: { storage: "1Gi" } } } }],
          update_strategy: [{ type: "OnDelete" }],
        },
      },
      {
        spec: {
          volumeClaimTemplates: [{ spec: { resources: { requests: { storage: "1Gi" } } } }],
          updateStrategy: { type: "OnDelete" },
        },
      },
    ],
    [
      "kubernetes_daemon_set_v1",
      { spec: { strategy: { rolling_update: { max_unavailable: "10%" } } } },
      { spec: { updateStrategy: { rollingUpdate: { maxUnavailable: "10%" } } } },
    ],
  ])("%s is converted by its rule", (type, body, expected) => {
    expect(convertOne(type, { metadata: { name: "it" }, ...body })).toMatchObject(expected);
  });

  test("an object without a namespace stands in `default`, a cluster-wide one in none", () => {
    expect(convertOne("kubernetes_config_map_v1", { metadata: { name: "a" } }).metadata.namespace).toBe("default");
    expect(convertOne("kubernetes_namespace_v1", { metadata: { name: "a" } }).metadata).toEqual({ name: "a" });
  });

  test("a resource without a rule is named in the error", () => {
    expect(() => convertOne("kubernetes_ingress_v1", { metadata: { name: "a" } })).toThrow(
      "app: kubernetes_ingress_v1.it: no rule converts kubernetes_ingress_v1; add it to tools/manifests/kinds.ts",
    );
  });

  test("a block without a rule is named in the error, instead of being guessed", () => {
    const body = { metadata: { name: "a" }, spec: { tracing: { sampling: 1 } } };
    expect(() => convertOne("kubernetes_service_v1", body)).toThrow(
      "app: kubernetes_service_v1.it.spec.tracing: no rule says how this block looks in the Kubernetes API",
    );
  });

  test("text that is no number is refused where the API has an integer", () => {
    expect(() =>
      convertOne("kubernetes_deployment_v1", { metadata: { name: "a" }, spec: { replicas: "few" } }),
    ).toThrow('app: kubernetes_deployment_v1.it.spec.replicas: "few" is not a whole number');
  });
});
