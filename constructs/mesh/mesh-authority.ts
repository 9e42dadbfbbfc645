import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { Fn, type ITerraformDependable, propertyAccess, Token } from "cdktf";
import { Construct } from "constructs";

import { NAMESPACES } from "../../config";
import { Account, EncryptionKey, EphemeralResource } from "../account";

/** Name of the secret in Secrets Manager, and of the key that encrypts it. */
const NAME = "taskflow-mesh-ca";

/** Files that istiod reads from the Secret `cacerts`, by their names there; `tools/bin/mesh-ca` writes them. */
const FILES = ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"];

/** Raised after a new intermediate has been put into Secrets Manager: the cluster gets it by the next deployment. */
const REVISION = 1;

export interface MeshAuthoritySecretProps {
  readonly region: string;
}

/**
 * Where the region's intermediate certificate authority lies, in the stack before the mesh's: it is made empty, its value is
 * put by an operator, and the mesh is planned once it is there. Both regions' intermediates are of one root, whose key is
 * in neither.
 */
export class MeshAuthoritySecret extends Construct {
  constructor(scope: Construct, id: string, props: MeshAuthoritySecretProps) {
    super(scope, id);
    const { arn } = new EncryptionKey(this, "key", {
      account: new Account(this, "account", props),
      name: NAME,
      description: "Taskflow: intermediate certificate authority of the mesh",
    });
    new SecretsmanagerSecret(this, "Resource", {
      name: NAME,
      description: `Intermediate certificate authority of the mesh: ${FILES.join(", ")}`,
      kmsKeyId: arn,
      lifecycle: { preventDestroy: true },
    });
  }
}

export interface MeshAuthorityProps {
  readonly region: string;
  /** The namespace. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * The region's intermediate, in the cluster before istiod is: an istiod that finds none makes a root of its own, which the
 * other region does not know. The key goes from Secrets Manager into the cluster through an ephemeral value and a write-only
 * argument, and stands in no state and no plan.
 */
export class MeshAuthority extends Construct {
  public readonly secret: SecretV1;

  constructor(scope: Construct, id: string, props: MeshAuthorityProps) {
    super(scope, id);
    const intermediate = new EphemeralResource(this, "intermediate", {
      type: "aws_secretsmanager_secret_version",
      region: props.region,
      arguments: { secret_id: NAME },
    });
    const files = Fn.jsondecode(intermediate.get("secret_string"));
    this.secret = new SecretV1(this, "secret", {
      metadata: { name: "cacerts", namespace: NAMESPACES.istioSystem },
      type: "Opaque",
      dataWo: Object.fromEntries(FILES.map((file) => [file, Token.asString(propertyAccess(files, [file]))])),
      dataWoRevision: REVISION,
      dependsOn: props.dependsOn,
    });
  }
}
