import { EncryptedStorageClass } from "../../../constructs/observability";
import { onlyResource, synthInCluster } from "../../support/synth";

describe("EncryptedStorageClass", () => {
  const storageClass = onlyResource(
    synthInCluster((scope) => {
      new EncryptedStorageClass(scope, "storage-class", { environmentName: "production" });
    }),
    "kubernetes_storage_class_v1",
  );

  test("makes encrypted gp3 volumes in the zone of their pod", () => {
    expect(storageClass).toMatchObject({
      metadata: { name: "gp3-encrypted" },
      storage_provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true" },
      volume_binding_mode: "WaitForFirstConsumer",
      allow_volume_expansion: true,
    });
  });

  test("a volume outlives its claim", () => {
    expect(storageClass["reclaim_policy"]).toBe("Retain");
  });

  test("volumes bear the tags that costs are told apart by", () => {
    expect(storageClass["parameters"]).toMatchObject({
      tagSpecification_1: "project=taskflow",
      tagSpecification_2: "environment=production",
    });
  });
});
