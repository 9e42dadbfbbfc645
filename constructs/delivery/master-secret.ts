import type { Account } from "../account";
import type { PolicyStatement } from "./policy";

/** The secret of the master password that Terraform makes. Secrets Manager ends its name with six characters. */
export function masterSecretArns(account: Account): string[] {
  return account.arns("secretsmanager", "secret:taskflow-database-master-??????");
}

/**
 * Draws the password, and writes and reads these secrets. CI reads no other: whoever sets the instance's password, as the
 * deploy role may, gains nothing by reading it.
 */
export function makeMasterPassword(secretArns: readonly string[]): PolicyStatement[] {
  return secretArns.length === 0
    ? []
    : [
        {
          Sid: "DrawPasswords",
          Effect: "Allow",
          Action: "secretsmanager:GetRandomPassword",
          // Knows no resource (service authorization reference, Secrets Manager).
          Resource: "*",
        },
        {
          Sid: "MasterSecret",
          Effect: "Allow",
          Action: [
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:ReplicateSecretToRegions",
            "secretsmanager:UpdateSecret",
            "secretsmanager:UpdateSecretVersionStage",
          ],
          Resource: secretArns,
        },
      ];
}
