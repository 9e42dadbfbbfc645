import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS, NAMESPACES } from "../../config";
import { dnsEgress, HelmChart, resources, tcp } from "../kubernetes";
import { apiServerEgress, namespacesNamed, podsNamed } from "./network-rules";
import { OBSERVABILITY_PORTS, OBSERVABILITY_SERVICES } from "./services";

export interface KialiProps {
  /** Subnets of the control plane's network interfaces. */
  readonly nodeSubnetCidrs: readonly string[];
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Kiali, for operators: each signs in with a Kubernetes token and nobody can change the mesh through it. It lives in
 * istiod's namespace, because istiod's debug endpoints refuse callers of any other. People reach it by `kubectl
 * port-forward`, which enters from the pod's own node and needs no policy.
 */
export class Kiali extends Construct {
  constructor(scope: Construct, id: string, props: KialiProps) {
    super(scope, id);
    const policy = new NetworkPolicyV1(this, "network-policy", {
      metadata: { name: "kiali", namespace: NAMESPACES.istioSystem },
      spec: {
        ...podsNamed("kiali"),
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [{ ...namespacesNamed(NAMESPACES.observability), ...podsNamed("prometheus") }],
            ports: tcp(OBSERVABILITY_PORTS.kialiMetrics),
          },
        ],
        egress: [
          dnsEgress,
          apiServerEgress(props.nodeSubnetCidrs),
          { to: [{ podSelector: { matchLabels: { app: "istiod" } } }], ports: tcp(OBSERVABILITY_PORTS.istiodMetrics) },
          {
            to: [namespacesNamed(NAMESPACES.observability)],
            ports: tcp(OBSERVABILITY_PORTS.prometheus, OBSERVABILITY_PORTS.grafana, OBSERVABILITY_PORTS.jaegerQuery),
          },
        ],
      },
      ...(props.dependsOn ? { dependsOn: props.dependsOn } : {}),
    });
    new HelmChart(this, "release", {
      chart: CHARTS.kiali,
      releaseName: "kiali",
      namespace: NAMESPACES.istioSystem,
      values: kialiValues(),
      dependsOn: [policy, ...(props.dependsOn ?? [])],
    });
  }
}

function kialiValues() {
  const { prometheus, grafana, traceQuery } = OBSERVABILITY_SERVICES;
  return {
    auth: { strategy: "token" },
    deployment: {
      view_only_mode: true,
      // The chart's own policy lets every pod of the cluster reach the user interface.
      network_policy: { enabled: false },
      // Fit for Pod Security `restricted`; the chart's default lacks the seccomp profile.
      security_context: {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
        capabilities: { drop: ["ALL"] },
      },
      resources: resources({
        requestsCpuMilli: 100,
        requestsMemoryMi: 512,
        limitsCpuMilli: 1_000,
        limitsMemoryMi: 2_048,
      }),
    },
    external_services: {
      prometheus: { url: prometheus.url },
      grafana: {
        enabled: true,
        internal_url: grafana.url,
        health_check_url: `${grafana.url}/api/health`,
        external_url: `http://localhost:${grafana.port}`,
        // Looking dashboards up takes Grafana's password, which stays in its own namespace: Kiali links to Grafana as a whole.
        dashboards: [],
      },
      tracing: {
        enabled: true,
        provider: "jaeger",
        internal_url: traceQuery.url,
        use_grpc: false,
        external_url: `http://localhost:${traceQuery.port}`,
      },
    },
    kiali_feature_flags: {
      // Takes the right to read every pod's log from Kiali's role: logs may hold tenants' data.
      disabled_features: ["logs-tab"],
    },
  };
}
