import { arn, calls } from "./calls";
import type { Call } from "./iam";

const MASTER_SECRET = arn("secretsmanager", "secret:taskflow-database-master-AbCdEf");

/** Calls that make, change and delete what stands for the sake of a secondary region alone. */
export const CALLS_OF_SECONDARY: Readonly<Record<string, readonly Call[]>> = {
  aws_db_instance_automated_backups_replication: calls(
    "rds",
    "StartDBInstanceAutomatedBackupsReplication StopDBInstanceAutomatedBackupsReplication",
    arn("rds", "db:taskflow"),
  ),
  aws_secretsmanager_secret_version: [
    ...calls("secretsmanager", "GetRandomPassword", "*"),
    ...calls("secretsmanager", "PutSecretValue GetSecretValue UpdateSecretVersionStage", MASTER_SECRET),
    ...calls("secretsmanager", "CreateSecret TagResource UpdateSecret ReplicateSecretToRegions", MASTER_SECRET),
  ],
};
