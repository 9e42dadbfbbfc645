import { LoadBalancerController } from "../../../constructs/mesh/load-balancer-controller";
import { synthInCluster } from "../../support/synth";
import { releaseOf, valuesOf } from "./support";

const SYSTEM_NODES = {
  nodeSelector: { "taskflow.io/node-pool": "system" },
  tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists", effect: "NoSchedule" }],
};

describe("Brief: ALB + AWS Load Balancer Controller", () => {
  const json = synthInCluster(
    (scope) =>
      new LoadBalancerController(scope, "controller", {
        clusterName: "taskflow-eks",
        region: "ap-northeast-1",
        vpcId: "vpc-1",
        dependsOn: [],
      }),
  );
  const values = valuesOf(json, "aws-load-balancer-controller");

  test("is told cluster, region and VPC, since pods cannot ask the instance metadata", () => {
    expect(values).toMatchObject({ clusterName: "taskflow-eks", region: "ap-northeast-1", vpcId: "vpc-1" });
  });

  test("makes no load balancer, security group or WAF association: Terraform owns them", () => {
    expect(values).toMatchObject({
      enableServiceMutatorWebhook: false,
      createIngressClassResource: false,
      ingressClassParams: { create: false },
      enableBackendSecurityGroup: false,
      enableShield: false,
      enableWaf: false,
      enableWafv2: false,
    });
  });

  test("uses the service account that Pod Identity knows, without annotations", () => {
    expect(values.serviceAccount).toEqual({ create: true, name: "aws-load-balancer-controller" });
    expect(releaseOf(json, "aws-load-balancer-controller")["namespace"]).toBe("kube-system");
  });

  test("has two replicas on the system nodes, and one at a time may go", () => {
    expect(values).toMatchObject({ replicaCount: 2, podDisruptionBudget: { maxUnavailable: 1 }, ...SYSTEM_NODES });
  });

  test("keeps no webhook key in its release, and its absence stops no pod", () => {
    expect(values).toMatchObject({ enableCertManager: true, podMutatorWebhookConfig: { failurePolicy: "Ignore" } });
  });
});
