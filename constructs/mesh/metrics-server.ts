import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS, NAMESPACES } from "../../config";
import { HelmChart } from "../kubernetes";
import { spread, SYSTEM_PLACEMENT } from "./placement";

export interface MetricsServerProps {
  /** cert-manager among them: it mints the serving certificate. */
  readonly dependsOn: ITerraformDependable[];
}

const NAME = "metrics-server";

/**
 * metrics-server: without it no HorizontalPodAutoscaler moves. TLS is verified on both sides of it: kubelets' serving
 * certificates are signed by the cluster's authority on EKS, and cert-manager mints the server's own.
 */
export class MetricsServer extends Construct {
  constructor(scope: Construct, id: string, props: MetricsServerProps) {
    super(scope, id);
    new HelmChart(this, "release", {
      chart: CHARTS.metricsServer,
      namespace: NAMESPACES.kubeSystem,
      releaseName: NAME,
      values: {
        replicas: 2,
        podDisruptionBudget: { enabled: true, minAvailable: 1 },
        apiService: { insecureSkipTLSVerify: false },
        tls: { type: "cert-manager" },
        // Some 1,650 pods on 15 nodes, more as groups grow; 100m and 200Mi are for 100 nodes (metrics-server, scaling).
        resources: { requests: { cpu: "100m", memory: "200Mi" }, limits: { memory: "400Mi" } },
        topologySpreadConstraints: spread({ "app.kubernetes.io/name": NAME }),
        ...SYSTEM_PLACEMENT,
      },
      dependsOn: props.dependsOn,
    });
  }
}
