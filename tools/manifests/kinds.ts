import { labelSelector, metadata, podTemplate, volumeClaimSpec } from "./pod";
import { as, block, cidr, dropped, integer, integerOrText, list, textMap, verbatim, type Fields } from "./shapes";
import type { JsonObject } from "./json";

/** What a typed resource of the Kubernetes provider is in the API, and how its arguments get there. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The provider puts an object that names no namespace into `default`. */
  readonly namespaced: boolean;
  readonly fields: Fields;
  /** What the provider sends, unlike the API, where an argument is absent. */
  readonly defaults?: JsonObject;
}

/** Arguments that steer Terraform or the provider and mean nothing to the API. */
const PROVIDER_ONLY: Fields = Object.fromEntries(
  [
    "//",
    "connection",
    "count",
    "depends_on",
    "for_each",
    "id",
    "lifecycle",
    "provider",
    "provisioner",
    "timeouts",
    "wait_for_completion",
    "wait_for_default_service_account",
    "wait_for_load_balancer",
    "wait_for_rollout",
    "wait_for_service_account_token",
    "wait_until_bound",
  ].map((name) => [name, dropped] as const),
);

function kind(apiVersion: string, name: string, namespaced: boolean, fields: Fields, defaults?: JsonObject): Kind {
  const all = { ...PROVIDER_ONLY, metadata, ...fields };
  return { apiVersion, kind: name, namespaced, fields: all, ...(defaults === undefined ? {} : { defaults }) };
}

const policyPort = list(block({ port: integerOrText, end_port: integer }));
const policyPeer = list(
  block({
    ip_block: block({ cidr, except: list(cidr) }),
    namespace_selector: labelSelector,
    pod_selector: labelSelector,
  }),
);

const role = { rule: as("rules", list(block({ non_resource_urls: as("nonResourceURLs", verbatim) }))) };
const roleBinding = { role_ref: block({}), subject: as("subjects", list(block({}))) };

const rollingUpdate = block({ rolling_update: block({ max_surge: integerOrText, max_unavailable: integerOrText }) });
const workload = { replicas: integer, selector: labelSelector, template: podTemplate };

const jobSpec = block({
  pod_failure_policy: block({
    rule: as(
      "rules",
      list(block({ on_exit_codes: block({}), on_pod_condition: as("onPodConditions", list(block({}))) })),
    ),
  }),
  selector: labelSelector,
  template: podTemplate,
  ttl_seconds_after_finished: integer,
});

const metricTarget = block({});
const namedMetric = block({ selector: labelSelector });
const scalingRules = block({ policy: as("policies", list(block({}))) });
const metric = block({
  container_resource: block({ target: metricTarget }),
  external: block({ metric: namedMetric, target: metricTarget }),
  object: block({ described_object: block({}), metric: namedMetric, target: metricTarget }),
  pods: block({ metric: namedMetric, target: metricTarget }),
  resource: block({ target: metricTarget }),
});

const RBAC = "rbac.authorization.k8s.io/v1";

/** Every typed resource that can be exported, by its Terraform type. */
export const KINDS: Readonly<Record<string, Kind>> = {
  kubernetes_cluster_role_v1: kind(RBAC, "ClusterRole", false, {
    ...role,
    aggregation_rule: block({ cluster_role_selectors: list(labelSelector) }),
  }),
  kubernetes_cluster_role_binding_v1: kind(RBAC, "ClusterRoleBinding", false, roleBinding),
  kubernetes_config_map_v1: kind("v1", "ConfigMap", true, { data: textMap, binary_data: textMap }),
  kubernetes_cron_job_v1: kind("batch/v1", "CronJob", true, {
    spec: block({ job_template: block({ metadata, spec: jobSpec }), timezone: as("timeZone", verbatim) }),
  }),
  kubernetes_daemon_set_v1: kind("apps/v1", "DaemonSet", true, {
    spec: block({ ...workload, strategy: as("updateStrategy", rollingUpdate) }),
  }),
  kubernetes_deployment_v1: kind("apps/v1", "Deployment", true, {
    spec: block({ ...workload, strategy: rollingUpdate }),
  }),
  kubernetes_horizontal_pod_autoscaler_v2: kind("autoscaling/v2", "HorizontalPodAutoscaler", true, {
    spec: block({
      behavior: block({ scale_down: scalingRules, scale_up: scalingRules }),
      metric: as("metrics", list(metric)),
      scale_target_ref: block({}),
    }),
  }),
  kubernetes_job_v1: kind("batch/v1", "Job", true, { spec: jobSpec }),
  kubernetes_limit_range_v1: kind("v1", "LimitRange", true, {
    spec: block({
      limit: as(
        "limits",
        list(
          block({
            default: textMap,
            default_request: textMap,
            max: textMap,
            max_limit_request_ratio: textMap,
            min: textMap,
          }),
        ),
      ),
    }),
  }),
  kubernetes_namespace_v1: kind("v1", "Namespace", false, {}),
  kubernetes_network_policy_v1: kind("networking.k8s.io/v1", "NetworkPolicy", true, {
    spec: block({
      egress: list(block({ ports: policyPort, to: policyPeer })),
      ingress: list(block({ ports: policyPort, from: policyPeer })),
      pod_selector: labelSelector,
    }),
  }),
  kubernetes_persistent_volume_claim_v1: kind("v1", "PersistentVolumeClaim", true, { spec: volumeClaimSpec }),
  kubernetes_pod_disruption_budget_v1: kind("policy/v1", "PodDisruptionBudget", true, {
    spec: block({ max_unavailable: integerOrText, min_available: integerOrText, selector: labelSelector }),
  }),
  kubernetes_priority_class_v1: kind("scheduling.k8s.io/v1", "PriorityClass", false, { value: integer }),
  kubernetes_resource_quota_v1: kind("v1", "ResourceQuota", true, {
    spec: block({
      hard: textMap,
      scope_selector: block({ match_expression: as("matchExpressions", list(block({}))) }),
    }),
  }),
  kubernetes_role_v1: kind(RBAC, "Role", true, role),
  kubernetes_role_binding_v1: kind(RBAC, "RoleBinding", true, roleBinding),
  kubernetes_secret_v1: kind("v1", "Secret", true, {
    // The provider encodes `data` itself; `stringData` leaves that to the API server.
    data: as("stringData", textMap),
    binary_data: as("data", textMap),
  }),
  kubernetes_service_v1: kind("v1", "Service", true, {
    spec: block({
      cluster_ip: as("clusterIP", verbatim),
      cluster_ips: as("clusterIPs", verbatim),
      external_ips: as("externalIPs", verbatim),
      load_balancer_ip: as("loadBalancerIP", verbatim),
      port: as("ports", list(block({ port: integer, target_port: integerOrText, node_port: integer }))),
      selector: textMap,
      session_affinity_config: block({ client_ip: as("clientIP", block({})) }),
    }),
  }),
  kubernetes_service_account_v1: kind(
    "v1",
    "ServiceAccount",
    true,
    { image_pull_secret: as("imagePullSecrets", list(block({}))), secret: as("secrets", list(block({}))) },
    { automountServiceAccountToken: true },
  ),
  kubernetes_stateful_set_v1: kind("apps/v1", "StatefulSet", true, {
    spec: block({
      ...workload,
      persistent_volume_claim_retention_policy: block({}),
      update_strategy: block({ rolling_update: block({}) }),
      volume_claim_template: as("volumeClaimTemplates", list(block({ metadata, spec: volumeClaimSpec }))),
    }),
  }),
  kubernetes_storage_class_v1: kind("storage.k8s.io/v1", "StorageClass", false, {
    allowed_topologies: list(block({ match_label_expressions: list(block({})) })),
    parameters: textMap,
    storage_provisioner: as("provisioner", verbatim),
  }),
};

/** Resources that change a part of an object which something else owns: there is no object of theirs to export. */
export const PARTIAL: ReadonlySet<string> = new Set([
  "kubernetes_annotations",
  "kubernetes_config_map_v1_data",
  "kubernetes_env",
  "kubernetes_labels",
  "kubernetes_node_taint",
  "kubernetes_secret_v1_data",
]);

/** Kinds of the helper chart's objects that live in no namespace, so that the release's namespace is not put on them. */
export const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  "APIService",
  "ClusterIssuer",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "GatewayClass",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "PersistentVolume",
  "PriorityClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
]);
