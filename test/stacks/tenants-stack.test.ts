import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { App } from "cdktf";

import { ENVIRONMENTS } from "../../config";
import { addPlatform } from "../../stacks/platform";
import { synthPlatform } from "../support/platform";
import { tenantOf } from "../support/tenants";

/** A shard as it is written; `Testing.synth` would show it before its tenants are built. */
function shard(tenants: number) {
  const rows = Array.from({ length: tenants }, (_, index) => ({
    id: `company-${index}`,
    name: `Company ${index}`,
    tier: "starter" as const,
    shard: 0,
  }));
  const file = synthPlatform(rows, ENVIRONMENTS.staging).get("stacks/tenants-00/cdk.tf.json") ?? "{}";
  return JSON.parse(file) as {
    locals: Record<string, string>;
    resource?: Record<string, Record<string, { policy?: string }>>;
  };
}

describe("TenantsStack", () => {
  test("of an empty shard is as the snapshot says", () => {
    expect(shard(0)).toMatchSnapshot();
  });

  test("takes all that it needs of other stacks into locals, and tenants refer to nothing else", () => {
    const json = shard(2);
    expect(Object.keys(json.locals).sort()).toEqual(Object.keys(shard(0).locals).sort());
    expect(JSON.stringify(json.resource)).not.toContain("terraform_remote_state");
  });

  test("tells the database's user by the proxy's account, region and resource id", () => {
    const { locals, resource } = shard(1);
    expect(locals["database_user_arn_prefix"]).toMatch(
      /^arn:\$\{element\(split\(":", .*\), 1\)\}:rds-db:\$\{.*, 3\)\}:\$\{.*, 4\)\}:dbuser:\$\{.*, 6\)\}$/,
    );
    const [policy] = Object.values(resource?.["aws_iam_role_policy"] ?? {});
    expect(policy?.policy).toContain('"Resource":"${local.database_user_arn_prefix}/tenant_company_0"');
  });
});

describe("a written shard", () => {
  test("lets go of its tenants, so that memory does not grow with the fleet", () => {
    const outdir = mkdtempSync(join(tmpdir(), "taskflow-"));
    const app = new App({ outdir });
    addPlatform(app, ENVIRONMENTS.staging, [tenantOf({ shard: 1 })]);
    app.synth();
    const children = app.node.findChild("tenants-01").node.children.map((child) => child.node.id);
    expect(children).toContain("kubernetes");
    expect(children).not.toContain("tenant-acme");
    rmSync(outdir, { recursive: true });
  });
});
