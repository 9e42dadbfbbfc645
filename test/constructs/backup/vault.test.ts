import type { VaultLock } from "../../../config";
import { BackupVault } from "../../../constructs/backup";
import { account } from "../../support/cluster";
import { onlyResource, synthConstruct } from "../../support/synth";

function synthVault(lock: VaultLock) {
  return synthConstruct((scope) => {
    new BackupVault(scope, "vault", {
      account: account(scope),
      name: "taskflow-backups",
      lock,
      retentionDays: { min: 35, max: 365 },
    });
  });
}

describe("BackupVault", () => {
  const json = synthVault({ mode: "governance" });

  test("outlives an edit, and encrypts with a key of its own", () => {
    expect(onlyResource(json, "aws_backup_vault")).toEqual({
      name: "taskflow-backups",
      kms_key_arn: expect.stringMatching(/aws_kms_key\.vault_key_.*\.arn/),
      lifecycle: { prevent_destroy: true },
    });
    expect(onlyResource(json, "aws_kms_key")).toMatchObject({ enable_key_rotation: true });
  });

  test("is locked for the plan's days, and never for good unless that is said", () => {
    expect(onlyResource(json, "aws_backup_vault_lock_configuration")).toEqual({
      backup_vault_name: expect.stringMatching(/aws_backup_vault\.vault_.*\.name/),
      min_retention_days: 35,
      max_retention_days: 365,
    });
  });

  test("a compliance lock can be taken back for the days that are given", () => {
    const lock = onlyResource(synthVault({ mode: "compliance", graceDays: 7 }), "aws_backup_vault_lock_configuration");
    expect(lock).toMatchObject({ changeable_for_days: 7 });
  });

  test("throws for a compliance lock that leaves two days", () => {
    expect(() => synthVault({ mode: "compliance", graceDays: 2 })).toThrow(
      new Error("test/vault: graceDays is 2; allowed: 3 or more"),
    );
  });
});
