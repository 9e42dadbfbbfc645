import { TerraformStack } from "cdktf";
import { readFileSync } from "node:fs";

import { MasterPassword } from "../../../constructs/database/master-password";
import { expressions } from "../../support/cluster";
import { onlyResource, type ResourceJson, synthConstruct } from "../../support/synth";

const KEY_ARN = "arn:aws:kms:ap-northeast-1:111122223333:key/database";

describe("MasterPassword", () => {
  let outputs: unknown;
  const json = synthConstruct((scope) => {
    const { password, version, secretArn } = new MasterPassword(scope, "master", {
      name: "taskflow-database-master",
      region: "ap-northeast-1",
      replicaRegion: "us-east-1",
      username: "taskflow_admin",
      keyArn: KEY_ARN,
    });
    outputs = expressions(TerraformStack.of(scope), { password, version, secretArn });
  });
  const version = onlyResource(json, "aws_secretsmanager_secret_version");
  const ephemeral = (type: string): readonly [string, ResourceJson] => {
    const [found, ...others] = Object.entries(json.ephemeral?.[type] ?? {});
    expect(others).toEqual([]);
    return found ?? ["", {}];
  };
  const [drawnId, drawn] = ephemeral("aws_secretsmanager_random_password");
  const [readId, read] = ephemeral("aws_secretsmanager_secret_version");

  test("keeps a secret in both regions that no edit destroys, under the key here and AWS's own there", () => {
    expect(onlyResource(json, "aws_secretsmanager_secret")).toEqual({
      name: "taskflow-database-master",
      description: "Master user of the database",
      kms_key_id: KEY_ARN,
      replica: [{ region: "us-east-1" }],
      lifecycle: { prevent_destroy: true },
    });
  });

  test("has AWS draw the password, without what RDS refuses, and writes it in the form of RDS's secrets", () => {
    expect(drawn).toMatchObject({ password_length: 48, exclude_punctuation: true });
    expect(version["secret_string_wo"]).toBe(
      `\${jsonencode({"username" = "taskflow_admin", "password" = ephemeral.aws_secretsmanager_random_password.${drawnId}.random_password})}`,
    );
  });

  test("gives the instance what stands in the version just written, so that both agree after an apply that stopped", () => {
    expect(read).toMatchObject({
      secret_id: version["secret_id"] as unknown,
      version_id: expect.stringMatching(/^\$\{aws_secretsmanager_secret_version\.master_version_[^.]*\.version_id\}$/),
    });
    expect(outputs).toEqual({
      password: `\${jsondecode(ephemeral.aws_secretsmanager_secret_version.${readId}.secret_string).password}`,
      version: version["secret_string_wo_version"] as unknown,
      secretArn: version["secret_id"] as unknown,
    });
  });

  test("draws and reads while it applies alone: the role that plans may read no secret", () => {
    for (const one of [drawn, read]) {
      expect(one["region"]).toBe('${uuid() == "" ? "" : "ap-northeast-1"}');
    }
  });

  test("refreshes by a provider that reads no write-only secret, as long as the bound one does", () => {
    expect(json.terraform).toMatchObject({ required_providers: { aws: { version: "6.26.0" } } });
    const manifest = readFileSync("node_modules/@cdktf/provider-aws/package.json", "utf8");
    const { cdktf } = JSON.parse(manifest) as { cdktf: { provider: { version: string } } };
    expect(cdktf.provider.version).toMatch(/^6\.(\d|1\d|2[0-5])\./);
  });
});
