import type { SecondaryEnvironment } from "../../../config";
import { ContinuousDelivery, StateBucket } from "../../../constructs/delivery";
import { type StackJson, synthConstruct } from "../../support/synth";

/** CI's way in, as for production, with a second region or without. */
export function testBootstrap(secondary?: SecondaryEnvironment): StackJson {
  return synthConstruct((scope) => {
    new ContinuousDelivery(scope, "delivery", {
      region: "ap-northeast-1",
      environment: "production",
      domain: "taskflow.example.com",
      clusterName: "taskflow-eks",
      github: { repository: "taskflow/platform", deployBranch: "main" },
      operatorRoles: ["taskflow-operator"],
      stateBucket: new StateBucket(scope, "states", { bucketName: "taskflow-production-terraform-state" }),
      secondary,
    });
  });
}
