import { StorageClassV1 } from "@cdktf/provider-kubernetes/lib/storage-class-v1";
import { Construct } from "constructs";

/** Name of the class that every persistent volume of the cluster asks for. */
export const ENCRYPTED_STORAGE_CLASS = "gp3-encrypted";

export interface EncryptedStorageClassProps {
  /** Value of the tag `environment` of each volume. The AWS provider's default tags do not reach what a driver makes. */
  readonly environmentName: string;
}

/**
 * Encrypted gp3 volumes, made in the zone where their pod is scheduled. They outlive their claim: a claim deleted by
 * mistake then costs a disk that lies about, not the history on it.
 */
export class EncryptedStorageClass extends Construct {
  public readonly resource: StorageClassV1;

  constructor(scope: Construct, id: string, props: EncryptedStorageClassProps) {
    super(scope, id);
    this.resource = new StorageClassV1(this, "Resource", {
      metadata: { name: ENCRYPTED_STORAGE_CLASS },
      storageProvisioner: "ebs.csi.aws.com",
      parameters: {
        type: "gp3",
        encrypted: "true",
        tagSpecification_1: "project=taskflow",
        tagSpecification_2: `environment=${props.environmentName}`,
      },
      reclaimPolicy: "Retain",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    });
  }
}
