import { ENVIRONMENTS } from "../../../config";
import { planMetrics, PrometheusStack } from "../../../constructs/observability";
import { ALERT_TOPICS } from "../../support/cluster";
import { onlyResource, synthInCluster } from "../../support/synth";
import { leaves, release } from "./support";

const json = synthInCluster((scope) => {
  new PrometheusStack(scope, "prometheus", {
    environment: ENVIRONMENTS.production,
    alertTopics: ALERT_TOPICS,
    dependsOn: [],
  });
});
const { resource, values } = release(json, "kube-prometheus-stack");
const prometheus = values["prometheus"].prometheusSpec;
const grafana = values["grafana"];

describe("Brief: Kiali, Jaeger, Prometheus, Grafana – Prometheus", () => {
  test("bears the name that Flagger and Kiali call it by, in the observability namespace", () => {
    expect(resource).toMatchObject({ name: "kube-prometheus-stack", namespace: "observability", version: "88.5.3" });
  });

  test("reads monitors and rules of every namespace, whoever made them", () => {
    for (const kind of ["serviceMonitor", "podMonitor", "rule", "probe", "scrapeConfig"]) {
      expect(prometheus[`${kind}SelectorNilUsesHelmValues`]).toBe(false);
    }
  });

  test("keeps a week, and less if the disk would fill", () => {
    const plan = planMetrics(ENVIRONMENTS.production);
    expect(prometheus.retention).toBe("7d");
    expect(prometheus.retentionSize).toBe(`${plan.retentionSizeGi}GB`);
    expect(prometheus.storageSpec.volumeClaimTemplate.spec).toEqual({
      storageClassName: "gp3-encrypted",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: `${plan.volumeGi}Gi` } },
    });
    expect(plan.retentionSizeGi).toBeLessThanOrEqual(plan.volumeGi * 0.8);
  });

  test("outlives a node: two replicas on different nodes, one always left", () => {
    expect(prometheus).toMatchObject({ replicas: 2, podAntiAffinity: "hard" });
    expect(values["prometheus"].podDisruptionBudget.enabled).toBe(true);
    expect(values["prometheus"].service.sessionAffinity).toBe("ClientIP");
  });

  test("runs where its memory fits, without a CPU limit", () => {
    const plan = planMetrics(ENVIRONMENTS.production);
    expect(prometheus.nodeSelector).toEqual({ "taskflow.io/node-pool": "enterprise" });
    expect(prometheus.tolerations).toEqual([
      { key: "taskflow.io/node-pool", operator: "Equal", value: "enterprise", effect: "NoSchedule" },
    ]);
    expect(prometheus.resources).toEqual({
      requests: { cpu: "1", memory: `${plan.memoryRequestGi}Gi` },
      limits: { memory: `${plan.memoryLimitGi}Gi` },
    });
  });

  test("throws away a scrape that no honest target sends", () => {
    expect(prometheus.enforcedSampleLimit).toBe(450_000);
    expect(prometheus.enforcedTargetLimit).toBe(10_000);
    expect(prometheus.enforcedLabelLimit).toBe(64);
  });

  test("does not look for what EKS keeps to itself", () => {
    for (const component of ["kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy"]) {
      expect(values[component]).toEqual({ enabled: false });
    }
  });

  test("upgrades its CRDs with images of a fixed version", () => {
    expect(values["crds"]).toEqual({
      enabled: true,
      upgradeJob: { enabled: true, image: { busybox: { tag: "1.38.0" } } },
    });
  });

  test("Alertmanager is a pair with its silences on encrypted disks and no API token", () => {
    expect(values["alertmanager"].alertmanagerSpec).toMatchObject({
      replicas: 2,
      podAntiAffinity: "hard",
      automountServiceAccountToken: false,
      nodeSelector: { "eks.amazonaws.com/capacityType": "ON_DEMAND" },
    });
    expect(values["alertmanager"].alertmanagerSpec.storage.volumeClaimTemplate.spec.storageClassName).toBe(
      "gp3-encrypted",
    );
  });

  test("Alertmanager tells the four topics, as the service account that has a role for it", () => {
    const receivers = values["alertmanager"].config.receivers as {
      readonly name: string;
      readonly sns_configs?: readonly { readonly topic_arn: string; readonly sigv4: object }[];
    }[];
    const told = receivers.flatMap((receiver) => receiver.sns_configs ?? []);
    expect(told.map((sns) => sns.topic_arn)).toEqual([
      ALERT_TOPICS.page,
      ALERT_TOPICS.ticket,
      ALERT_TOPICS.owner,
      ALERT_TOPICS.watchdog,
    ]);
    for (const { sigv4 } of told) {
      expect(sigv4).toEqual({ region: "ap-northeast-1" });
    }
    expect(values["alertmanager"].serviceAccount).toEqual({
      name: "kube-prometheus-stack-alertmanager",
      automountServiceAccountToken: false,
    });
  });

  test("metrics can be joined with a namespace's tenant, tier, state and alert route", () => {
    expect(values["kube-state-metrics"].metricLabelsAllowlist).toEqual([
      "namespaces=[taskflow.io/tenant,taskflow.io/tier,taskflow.io/state,taskflow.io/alerts]",
    ]);
  });

  test("kube-state-metrics may read neither Secrets nor ConfigMaps, but quotas and autoscalers", () => {
    const collectors = values["kube-state-metrics"].collectors as string[];
    expect(collectors).not.toContain("secrets");
    expect(collectors).not.toContain("configmaps");
    expect(collectors).toEqual(expect.arrayContaining(["resourcequotas", "horizontalpodautoscalers", "namespaces"]));
  });

  test("the node exporter, which needs the host, lives outside the restricted namespace", () => {
    expect(values["prometheus-node-exporter"].namespaceOverride).toBe("kube-system");
  });

  test("every container that the chart lets us size has requests and a memory limit", () => {
    const sized = leaves(values).filter(([path]) => path.endsWith("resources.limits.memory"));
    expect(sized.map(([path]) => path.replace(".resources.limits.memory", "")).sort()).toEqual([
      "alertmanager.alertmanagerSpec",
      "grafana",
      "grafana.sidecar",
      "kube-state-metrics",
      "prometheus-node-exporter",
      "prometheus.prometheusSpec",
      "prometheusOperator",
      "prometheusOperator.prometheusConfigReloader",
    ]);
  });
});

describe("Brief: Kiali, Jaeger, Prometheus, Grafana – Grafana", () => {
  test("no password stands in the values: the chart draws one in the cluster", () => {
    const secrets = leaves(values).filter(
      ([path, value]) => typeof value === "string" && /passw|secret|token|admin/i.test(path),
    );
    expect(secrets).toEqual([]);
  });

  test("lets nobody in without an account and nobody make one", () => {
    expect(grafana["grafana.ini"]["auth.anonymous"]).toEqual({ enabled: false });
    expect(grafana["grafana.ini"].users.allow_sign_up).toBe(false);
  });

  test("reads CloudWatch as its service account's role, with no key", () => {
    expect(grafana.additionalDataSources).toContainEqual({
      name: "CloudWatch",
      uid: "cloudwatch",
      type: "cloudwatch",
      access: "proxy",
      jsonData: { authType: "default", defaultRegion: "ap-northeast-1" },
      editable: false,
    });
    expect(grafana["grafana.ini"].aws).toEqual({ allowed_auth_providers: "default", assume_role_enabled: false });
    expect(grafana.serviceAccount).toEqual({ name: "kube-prometheus-stack-grafana" });
  });

  test("hardens its cookies and pages", () => {
    expect(grafana["grafana.ini"].security).toEqual({
      cookie_secure: true,
      cookie_samesite: "strict",
      content_security_policy: true,
      disable_gravatar: true,
    });
  });

  test("its sidecars read ConfigMaps of one namespace, and no Secrets", () => {
    expect(grafana.rbac).toEqual({ namespaced: true, useExistingRole: "grafana-dashboards" });
    expect(onlyResource(json, "kubernetes_role_v1")).toMatchObject({
      metadata: { name: "grafana-dashboards", namespace: "observability" },
      rule: [{ api_groups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
    });
    for (const sidecar of [grafana.sidecar.dashboards, grafana.sidecar.datasources]) {
      expect(sidecar).toMatchObject({ searchNamespace: "observability", resource: "configmap" });
    }
  });

  test("shows each dashboard in the folder that its ConfigMap names, and lets nobody edit it", () => {
    expect(grafana.sidecar.dashboards).toMatchObject({
      label: "grafana_dashboard",
      labelValue: "1",
      folderAnnotation: "grafana_folder",
      provider: { foldersFromFilesStructure: true, allowUiUpdates: false },
    });
    expect(grafana.defaultDashboardsEditable).toBe(false);
  });

  test("starts without the Internet and calls nobody there", () => {
    expect(grafana["grafana.ini"].plugins).toEqual({ plugin_admin_enabled: false, preinstall_disabled: true });
    expect(Object.values(grafana["grafana.ini"].analytics)).toEqual([false, false, false, false]);
  });

  test("runs nothing as root", () => {
    expect(grafana.initChownData.enabled).toBe(false);
  });

  test("its Service listens where its pod does", () => {
    expect(grafana.service.port).toBe(3000);
  });
});
