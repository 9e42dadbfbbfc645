import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS, type Environment, IMAGES, NAMESPACES } from "../../config";
import type { AlertTopicArns } from "../account";
import { HelmChart } from "../kubernetes";
import { kubeStateMetricsValues, nodeExporterValues, operatorValues, UNREACHABLE_COMPONENTS } from "./exporter-values";
import { GRAFANA_ROLE, grafanaValues } from "./grafana-values";
import { alertmanagerValues, prometheusValues } from "./prometheus-values";
import { defaultRules } from "./rules";
import { PROMETHEUS_RELEASE } from "./services";

export interface PrometheusStackProps {
  readonly environment: Environment;
  readonly alertTopics: AlertTopicArns;
  /** Namespace, policies, storage class, and the AWS identities of Alertmanager and Grafana. */
  readonly dependsOn: ITerraformDependable[];
}

/** Prometheus with its operator, Alertmanager, Grafana and the exporters of cluster and nodes. */
export class PrometheusStack extends Construct {
  /** For objects of the operator's kinds, whose CRDs come with it. */
  public readonly release: ITerraformDependable;

  constructor(scope: Construct, id: string, props: PrometheusStackProps) {
    super(scope, id);
    const role = new RoleV1(this, "grafana-role", {
      metadata: { name: GRAFANA_ROLE, namespace: NAMESPACES.observability },
      rule: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
      dependsOn: props.dependsOn,
    });
    this.release = new HelmChart(this, "release", {
      chart: CHARTS.kubePrometheusStack,
      releaseName: PROMETHEUS_RELEASE,
      namespace: NAMESPACES.observability,
      timeoutSeconds: 900,
      values: {
        // Helm installs CRDs once and never upgrades them.
        crds: { enabled: true, upgradeJob: { enabled: true, image: { busybox: { tag: IMAGES.crdJobBusyboxTag } } } },
        ...UNREACHABLE_COMPONENTS,
        prometheusOperator: operatorValues(),
        prometheus: prometheusValues(props.environment),
        alertmanager: alertmanagerValues(props.environment, props.alertTopics),
        defaultRules: defaultRules(props.environment),
        grafana: grafanaValues(props.environment),
        "kube-state-metrics": kubeStateMetricsValues(),
        "prometheus-node-exporter": nodeExporterValues(),
      },
      dependsOn: [role, ...props.dependsOn],
    }).release;
  }
}
