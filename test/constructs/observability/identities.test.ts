import { MonitoringIdentities } from "../../../constructs/observability";
import { ALERT_TOPICS, resolved, statements } from "../../support/cluster";
import { resourcesOf, synthConstruct } from "../../support/synth";

describe("MonitoringIdentities", () => {
  const json = synthConstruct((scope) => {
    new MonitoringIdentities(scope, "identities", {
      region: "ap-northeast-1",
      clusterName: "taskflow-eks",
      alertTopics: ALERT_TOPICS,
      databaseProxyArn: "arn:aws:rds:ap-northeast-1:111122223333:db-proxy:prx-1",
    });
  });
  const policy = (part: string) =>
    JSON.parse(resolved(JSON.stringify(statements(json, `identities_${part}`)))) as Record<string, unknown>[];

  test("give three service accounts a role each, in this cluster alone", () => {
    const associations = Object.values(resourcesOf(json, "aws_eks_pod_identity_association"));
    expect(associations.map((one) => `${String(one["namespace"])}/${String(one["service_account"])}`).sort()).toEqual([
      "observability/database-exporter",
      "observability/kube-prometheus-stack-alertmanager",
      "observability/kube-prometheus-stack-grafana",
    ]);
    expect(new Set(associations.map((one) => one["role_arn"])).size).toBe(3);
    for (const name of ["alertmanager", "grafana", "database-exporter"]) {
      expect(policy(`${name}_role_trust`)[0]?.["condition"]).toContainEqual({
        test: "StringEquals",
        variable: "aws:RequestTag/eks-cluster-arn",
        values: ["arn:aws:eks:ap-northeast-1:111122223333:cluster/taskflow-eks"],
      });
    }
  });

  test("Alertmanager publishes to the four topics, with their key and no other", () => {
    expect(policy("alertmanager_document")).toEqual([
      {
        sid: "Publish",
        actions: ["sns:Publish"],
        resources: [ALERT_TOPICS.page, ALERT_TOPICS.ticket, ALERT_TOPICS.owner, ALERT_TOPICS.watchdog],
      },
      { sid: "EncryptMessages", actions: ["kms:Decrypt", "kms:GenerateDataKey*"], resources: [ALERT_TOPICS.key] },
    ]);
  });

  test("Grafana reads metrics and nothing else", () => {
    expect(policy("grafana_document").flatMap((statement) => statement["actions"])).toEqual([
      "cloudwatch:GetMetricData",
      "cloudwatch:GetMetricStatistics",
      "cloudwatch:ListMetrics",
    ]);
  });

  test("the exporter logs in at the proxy as the monitor and as nobody else", () => {
    const [statement, ...others] = policy("database-exporter_document");
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ actions: ["rds-db:connect"] });
    const [resource] = statement?.["resources"] as string[];
    expect(resource).toMatch(/:dbuser:.*\/platform_monitor$/);
    expect(resource).not.toContain("*");
  });
});
