import { NetworkPolicyV1, type NetworkPolicyV1Spec } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { LABELS, NAMESPACES, PORTS } from "../../config";
import { cidrs, dnsEgress, tcp } from "../kubernetes";
import { apiServerEgress, awsApiEgress, namespacesNamed, podIdentityEgress, podsNamed } from "./network-rules";
import { DATABASE_EXPORTER, OBSERVABILITY_PORTS, PROMETHEUS_RELEASE } from "./services";

export interface ObservabilityNetworkPoliciesProps {
  /** Subnets of the nodes and of the control plane's network interfaces. */
  readonly nodeSubnetCidrs: readonly string[];
  /** Subnets of RDS Proxy's endpoints. */
  readonly databaseSubnetCidrs: readonly string[];
  readonly dependsOn: ITerraformDependable[];
}

/** Where the platform's own pods serve metrics. */
const PLATFORM_METRICS_PORTS = [
  OBSERVABILITY_PORTS.istiodMetrics,
  OBSERVABILITY_PORTS.kialiMetrics,
  8080, // load balancer controller
  8085, // cluster autoscaler
  9153, // CoreDNS
  9402, // cert-manager
] as const;

/**
 * What may reach the namespace's pods and what they may reach; all else is denied both ways. The Internet is open to
 * the two that call AWS, over HTTPS. People come by `kubectl port-forward`, which enters from the pod's own node; no policy stops that and no other way is open.
 */
export class ObservabilityNetworkPolicies extends Construct {
  /** For what must not run before the policies are in force. */
  public readonly resources: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ObservabilityNetworkPoliciesProps) {
    super(scope, id);
    const policy = (name: string, spec: NetworkPolicyV1Spec): NetworkPolicyV1 =>
      new NetworkPolicyV1(this, name, {
        metadata: { name, namespace: NAMESPACES.observability },
        spec,
        dependsOn: props.dependsOn,
      });
    const kiali = { ...namespacesNamed(NAMESPACES.istioSystem), ...podsNamed("kiali") };

    this.resources = [
      policy("default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
      policy("within-namespace", {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ podSelector: {} }] }],
        egress: [{ to: [{ podSelector: {} }] }],
      }),
      policy("dns", { podSelector: {}, policyTypes: ["Egress"], egress: [dnsEgress] }),
      // All but those that have no business there: Prometheus and Grafana discover, the operator and the charts' hooks act.
      policy("kubernetes-api", {
        podSelector: {
          matchExpressions: [
            {
              key: "app.kubernetes.io/name",
              operator: "NotIn",
              values: ["alertmanager", "jaeger", DATABASE_EXPORTER],
            },
          ],
        },
        policyTypes: ["Egress"],
        egress: [apiServerEgress(props.nodeSubnetCidrs)],
      }),
      policy("scraping", {
        ...podsNamed("prometheus"),
        policyTypes: ["Egress"],
        egress: [
          { to: [{ namespaceSelector: {} }], ports: tcp(PORTS.sidecarMetrics, PORTS.envoyStats) },
          { to: [namespacesNamed(...Object.values(NAMESPACES))], ports: tcp(...PLATFORM_METRICS_PORTS) },
          {
            to: cidrs(props.nodeSubnetCidrs),
            ports: tcp(OBSERVABILITY_PORTS.kubelet, OBSERVABILITY_PORTS.nodeExporter),
          },
        ],
      }),
      policy("traces", {
        ...podsNamed("jaeger"),
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { [LABELS.meshMember]: "enabled" } } }],
            ports: tcp(PORTS.otlpGrpc),
          },
        ],
      }),
      policy("prometheus-queries", {
        ...podsNamed("prometheus"),
        policyTypes: ["Ingress"],
        ingress: [{ from: [namespacesNamed(NAMESPACES.flagger), kiali], ports: tcp(OBSERVABILITY_PORTS.prometheus) }],
      }),
      policy("grafana-queries", {
        ...podsNamed("grafana"),
        policyTypes: ["Ingress"],
        ingress: [{ from: [kiali], ports: tcp(OBSERVABILITY_PORTS.grafana) }],
      }),
      policy("trace-queries", {
        ...podsNamed("jaeger"),
        policyTypes: ["Ingress"],
        ingress: [{ from: [kiali], ports: tcp(OBSERVABILITY_PORTS.jaegerQuery) }],
      }),
      policy("alert-publishing", {
        ...podsNamed("alertmanager"),
        policyTypes: ["Egress"],
        egress: [podIdentityEgress, awsApiEgress],
      }),
      policy("cloudwatch-queries", {
        ...podsNamed("grafana"),
        policyTypes: ["Egress"],
        egress: [podIdentityEgress, awsApiEgress],
      }),
      policy("database-queries", {
        ...podsNamed(DATABASE_EXPORTER),
        policyTypes: ["Egress"],
        egress: [podIdentityEgress, { to: cidrs(props.databaseSubnetCidrs), ports: tcp(PORTS.postgresql) }],
      }),
      policy("operator-webhook", {
        podSelector: { matchLabels: { app: `${PROMETHEUS_RELEASE}-operator` } },
        policyTypes: ["Ingress"],
        ingress: [{ from: cidrs(props.nodeSubnetCidrs), ports: tcp(OBSERVABILITY_PORTS.operatorWebhook) }],
      }),
    ];
  }
}
