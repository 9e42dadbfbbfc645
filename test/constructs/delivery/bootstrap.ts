import { ContinuousDelivery, type ContinuousDeliveryProps, StateBucket } from "../../../constructs/delivery";
import { type StackJson, synthConstruct } from "../../support/synth";

/** CI's way in, as for production. */
export function testBootstrap(props: Partial<ContinuousDeliveryProps> = {}): StackJson {
  return synthConstruct((scope) => {
    new ContinuousDelivery(scope, "delivery", {
      region: "ap-northeast-1",
      environment: "production",
      domain: "taskflow.example.com",
      clusterName: "taskflow-eks",
      github: { repository: "taskflow/platform", deployBranch: "main" },
      operatorRoles: ["taskflow-operator"],
      stateBucket: new StateBucket(scope, "states", { bucketName: "taskflow-production-terraform-state" }),
      ...props,
    });
  });
}
