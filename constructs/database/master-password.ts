import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Fn, propertyAccess, TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";

import { WRITE_ONLY_SECRET_PROVIDER_VERSION } from "../../config";
import { EphemeralResource } from "../account";

export interface MasterPasswordProps {
  /** Name of the secret; CI's deploy role may read `taskflow-database-master` alone. */
  readonly name: string;
  /** Region of the secret. */
  readonly region: string;
  /** Region that holds a copy of it. */
  readonly replicaRegion: string;
  /** The master's name in the database. */
  readonly username: string;
  readonly keyArn: string;
}

/** Raised by one, it makes a new password, in the secret and in the instance. */
const VERSION = 1;

/** Letters and digits: RDS takes no `/`, `'`, `"`, `@` or space. */
const PASSWORD = { password_length: 48, exclude_punctuation: true };

/**
 * A master password of our own, for an instance that is replicated: RDS makes no replica of one whose password it manages
 * itself (RDS user guide, password management with Secrets Manager, limitations). The secret has the form of RDS's.
 *
 * Secrets Manager draws the password; Terraform hands it on and keeps it neither in a state nor in a plan. The instance's
 * comes back out of the secret's version, so that both agree even when an apply stops between them.
 *
 * The copy is encrypted with the AWS managed key of its region: a key of ours would have to stand there before this secret,
 * which must not wait for the other region. In the account IAM decides on reading it either way.
 */
export class MasterPassword extends Construct {
  public readonly secretArn: string;
  /** For the instance's write-only argument, with the version that has Terraform send it. */
  public readonly password: string;
  public readonly version = VERSION;

  constructor(scope: Construct, id: string, props: MasterPasswordProps) {
    super(scope, id);
    const { region, username } = props;
    TerraformStack.of(this).addOverride("terraform.required_providers.aws.version", WRITE_ONLY_SECRET_PROVIDER_VERSION);
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: props.name,
      description: "Master user of the database",
      kmsKeyId: props.keyArn,
      replica: [{ region: props.replicaRegion }],
      lifecycle: { preventDestroy: true },
    });
    const drawn = new EphemeralResource(this, "drawn", {
      type: "aws_secretsmanager_random_password",
      region,
      arguments: PASSWORD,
    });
    const written = new SecretsmanagerSecretVersion(this, "version", {
      secretId: secret.arn,
      secretStringWo: Fn.jsonencode({ username, password: drawn.get("random_password") }),
      secretStringWoVersion: VERSION,
    });
    const read = new EphemeralResource(this, "read", {
      type: "aws_secretsmanager_secret_version",
      region,
      arguments: { secret_id: secret.arn, version_id: written.versionId },
    });
    this.secretArn = secret.arn;
    this.password = Token.asString(propertyAccess(Fn.jsondecode(read.get("secret_string")), ["password"]));
  }
}
