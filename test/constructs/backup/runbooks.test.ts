import { readFileSync } from "node:fs";

import { BackupAlarms } from "../../../constructs/backup";
import { DATABASE_IDENTIFIER } from "../../../constructs/database";
import { resourcesOf, synthConstruct } from "../../support/synth";

describe("the runbook of backups", () => {
  const page = readFileSync("docs/runbooks/backups.md", "utf8");
  const json = synthConstruct((scope) => {
    new BackupAlarms(scope, "alarms", { copies: true, topicArn: "arn:aws:sns:ap-northeast-1:111122223333:tickets" });
  });
  const alarms = Object.values(resourcesOf(json, "aws_cloudwatch_metric_alarm")).map((one) =>
    String(one["alarm_name"]).replace("taskflow-backup-", ""),
  );

  test.each(alarms)("names the alarm %s", (alarm) => {
    expect(page).toMatch(new RegExp(`\`(taskflow-backup)?-${alarm}\``));
  });
});

describe("the runbook of a tenant's restore", () => {
  const page = readFileSync("docs/runbooks/tenant-restore.md", "utf8");

  test("says what to do about every code of a restore, and knows no other", () => {
    const source = readFileSync("functions/tenant-database/src/error.ts", "utf8");
    const codes = [...source.matchAll(/"(RESTORE_\w+)"/g)].map(([, code]) => code);
    const told = [...page.matchAll(/^\| `(RESTORE_\w+)`/gm)].map(([, code]) => code);
    expect(codes).toHaveLength(2);
    expect([...new Set(told)].sort()).toEqual(codes.sort());
  });

  test("calls function and role by their names", () => {
    const source = readFileSync("constructs/database/tenant-function.ts", "utf8");
    const [, role] = /const name = `\$\{props\.name\}(.+)`/.exec(source) ?? [];
    const [, name] = /const restoreName = `\$\{props\.name\}(.+)`/.exec(source) ?? [];
    expect(page).toContain(`aws lambda invoke --function-name ${DATABASE_IDENTIFIER}${name} `);
    expect(page).toContain(`aws iam put-role-policy --role-name ${DATABASE_IDENTIFIER}${role} `);
  });
});
