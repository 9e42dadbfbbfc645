import { NAMESPACES } from "../../../config";
import { ContainerInsights } from "../../../constructs/cluster/container-insights";
import { NAMESPACE_PREFIX } from "../../../tenancy";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";
import { controlPlane, LOGS_KEY_ARN, resolved, statements } from "../../support/cluster";

interface Configuration {
  readonly agent: { readonly config: unknown };
  readonly manager: unknown;
  readonly containerLogs: {
    readonly fluentBit: { readonly config: { readonly extraFiles: Readonly<Record<string, string>> } };
  };
}

describe("Brief: CloudWatch + Container Insights", () => {
  const json = synthConstruct((scope) => {
    new ContainerInsights(scope, "insights", {
      ...controlPlane(scope),
      logsKeyArn: LOGS_KEY_ARN,
      logRetentionDays: 90,
      dependsOn: [],
    });
  });
  const addOn = onlyResource(json, "aws_eks_addon");
  const configuration = JSON.parse(addOn["configuration_values"] as string) as Configuration;

  test("each log group exists before the agents, encrypted and with retention", () => {
    const groups = Object.entries(resourcesOf(json, "aws_cloudwatch_log_group")).filter(([id]) =>
      id.startsWith("insights"),
    );
    expect(groups.map(([, group]) => String(group["name"])).sort()).toEqual([
      "/aws/containerinsights/taskflow-eks/application",
      "/aws/containerinsights/taskflow-eks/dataplane",
      "/aws/containerinsights/taskflow-eks/host",
      "/aws/containerinsights/taskflow-eks/performance",
    ]);
    for (const [id, group] of groups) {
      expect(group).toMatchObject({
        retention_in_days: 90,
        kms_key_id: LOGS_KEY_ARN,
      });
      expect(addOn["depends_on"]).toContain(`aws_cloudwatch_log_group.${id}`);
    }
  });

  test("collects container metrics every five minutes, no traces, and injects nothing into pods", () => {
    expect(configuration.agent.config).toEqual({
      logs: {
        metrics_collected: { kubernetes: { enhanced_container_insights: true, metrics_collection_interval: 300 } },
      },
    });
    expect(configuration.manager).toEqual({ applicationSignals: { autoMonitor: { monitorAllServices: false } } });
  });

  describe("container logs", () => {
    const file = configuration.containerLogs.fluentBit.config.extraFiles["application-log.conf"] ?? "";
    const inputs = file.split("[INPUT]").slice(1);
    const paths = (input: string | undefined, key: string) =>
      (new RegExp(`^ +${key} +(.*)$`, "m").exec(input ?? "")?.[1] ?? "").split(", ");
    const [platform, tenants] = inputs;

    test.each(Object.values(NAMESPACES))("of %s are kept whole", (namespace) => {
      expect(paths(platform, "Path")).toContain(`/var/log/containers/*_${namespace}_*.log`);
    });

    test("of tenants are those of their services, without sidecars", () => {
      expect(paths(tenants, "Path")).toEqual([`/var/log/containers/*_${NAMESPACE_PREFIX}*_*.log`]);
      expect(paths(tenants, "Exclude_Path")).toEqual(["/var/log/containers/*_istio-*"]);
    });

    test("of the ingress gateway are kept, though its container is named like a sidecar", () => {
      expect(paths(platform, "Exclude_Path").filter((path) => path.includes(NAMESPACES.istioIngress))).toEqual([]);
    });

    test("of tenants' services are kept where they ask for attention", () => {
      expect(file).toMatch(
        /Name +grep\n +Match +tenant\.\*\n +Regex +log \(\?i\)\(warn\|error\|fatal\|panic\|exception\)/,
      );
    });

    test("go to the group that exists", () => {
      expect(file).toContain("log_group_name      /aws/containerinsights/$${CLUSTER_NAME}/application");
      expect(file).toMatch(/auto_create_group +false/);
    });
  });

  test("the agents write to the cluster's own groups and one metric namespace", () => {
    const policy = JSON.parse(resolved(JSON.stringify(statements(json, "insights_agent_document")))) as {
      sid: string;
      resources: string[];
      condition?: unknown;
    }[];
    const of = (sid: string) => policy.find((statement) => statement.sid === sid);
    expect(
      of("WriteLogs")?.resources.every((arn) =>
        arn.startsWith("arn:aws:logs:ap-northeast-1:111122223333:log-group:/aws/containerinsights/taskflow-eks/"),
      ),
    ).toBe(true);
    expect(of("WriteMetrics")?.condition).toEqual([
      { test: "StringEquals", variable: "cloudwatch:namespace", values: ["ContainerInsights"] },
    ]);
    expect(onlyResource(json, "aws_eks_pod_identity_association")).toMatchObject({
      namespace: "amazon-cloudwatch",
      service_account: "cloudwatch-agent",
    });
  });
});
