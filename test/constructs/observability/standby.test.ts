import { alertGroups } from "../../../constructs/observability/rules";
import { type Environment } from "../../../config";
import { ObservabilityStack } from "../../../stacks/observability-stack";
import { ALERT_TOPICS, DATABASE } from "../../support/cluster";
import { inTwoRegions, secondaryOf } from "../../support/regions";
import { resourcesOf, synthStack, testApp } from "../../support/synth";

const CLUSTER = {
  name: "taskflow-eks-dr",
  endpoint: "https://cluster.example.com",
  certificateAuthority: "Y2E=",
  securityGroupId: "sg-cluster",
};

const alertsOf = (environment: Environment): readonly string[] =>
  alertGroups(environment).flatMap(({ rules }) => rules.flatMap((rule) => ("alert" in rule ? [rule.alert] : [])));
const exportersOf = (environment: Environment): number => {
  const props = { environment, cluster: CLUSTER, database: DATABASE, alertTopics: ALERT_TOPICS };
  const json = synthStack(new ObservabilityStack(testApp(), "dr-observability", props));
  return Object.keys(resourcesOf(json, "kubernetes_deployment_v1")).length;
};

describe("monitoring of a region that stands by", () => {
  const standby = inTwoRegions("standby");
  const serving = inTwoRegions("serving");

  test("asks no replica for tenants' connections, and misses no answer", () => {
    expect(exportersOf(secondaryOf(standby))).toBe(0);
    expect(alertsOf(standby).filter((alert) => !alertsOf(secondaryOf(standby)).includes(alert))).toEqual([
      "DatabaseExporterDown",
    ]);
  });

  test("watches the database once it is one, while the region that was left does not", () => {
    expect(exportersOf(secondaryOf(serving))).toBe(1);
    expect(alertsOf(secondaryOf(serving))).toEqual(alertsOf(standby));
    expect(exportersOf(serving)).toBe(0);
  });
});
