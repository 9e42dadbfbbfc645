import type { Environment } from "../../../config";
import { runbookUrl } from "./rule";

/**
 * The chart's value `defaultRules`: which of its own rules are installed (kube-prometheus-stack 88). Kept are those about
 * nodes, workloads, storage, the kubelet, the API server, and about Prometheus, its operator and Alertmanager.
 */
export function defaultRules(environment: Environment) {
  return {
    rules: {
      // EKS runs them and shows none of their metrics; the chart's alerts say that they are down.
      etcd: false,
      kubeControllerManager: false,
      kubeSchedulerAlerting: false,
      kubeSchedulerRecording: false,
      // Serves its metrics on the node's loopback alone.
      kubeProxy: false,
      windows: false,
      // Objectives of AWS's API server: 30 days of a histogram, a fifth of all rule evaluation, for what AWS answers for.
      kubeApiserverAvailability: false,
      kubeApiserverBurnrate: false,
      kubeApiserverHistogram: false,
      kubeApiserverSlos: false,
      // Quotas and overcommitment. Tenants' quotas together are many times the nodes, by design: the autoscaler adds
      // nodes for what is requested. And a quota counts objects of which a tenant has exactly as many as it may. Ours
      // (TenantQuotaNearlyUsed) looks at what tenants compute with.
      kubernetesResources: false,
    },
    disabled: {
      // Ours instead: TenantAtMaxReplicas and GatewayAtMaxReplicas, which tell a tenant from the gateway.
      KubeHpaMaxedOut: true,
      // Ours instead, with a route of its own.
      Watchdog: true,
      // For a configuration of Alertmanager that sends alerts of severity info; ours sends none.
      InfoInhibitor: true,
      // Clients' certificates at EKS's API server are AWS's and last hours.
      KubeClientCertificateExpiration: true,
    },
    // The chart appends `/<group>/<alert>`: behind the # one page serves them all.
    runbookUrl: `${runbookUrl(environment, "kubernetes")}#alert`,
  };
}
