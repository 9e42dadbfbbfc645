import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DatabaseExporter } from "../../../constructs/observability";
import { onlyResource, synthInCluster, type ResourceJson } from "../../support/synth";

const json = synthInCluster((scope) => {
  new DatabaseExporter(scope, "exporter", { region: "ap-northeast-1", host: "proxy.example.internal", dependsOn: [] });
});
const data = onlyResource(json, "kubernetes_config_map_v1")["data"] as Record<string, string>;
const config = JSON.parse(data["sql_exporter.yml"] ?? "{}") as ResourceJson;
const metrics = config["collectors"][0].metrics as ResourceJson[];
const deployment = onlyResource(json, "kubernetes_deployment_v1")["spec"] as ResourceJson;
const pod = deployment["template"].spec as ResourceJson;
const [exporter, renewal] = pod["container"] as [ResourceJson, ResourceJson];

describe("DatabaseExporter", () => {
  test("asks each query of the monitor, and exports it as the gauge that rules and dashboards read", () => {
    const queries = join(__dirname, "../../../functions/tenant-database/sql/monitor");
    const sql = (file: string) => readFileSync(join(queries, file), "utf8");
    expect(metrics.map((one) => [one["metric_name"], one["key_labels"], one["values"], one["query"]])).toEqual([
      ["sql_tenant_connections", ["tenant", "state"], ["count"], sql("connections.sql")],
      ["sql_tenant_connection_limit", ["tenant"], ["count"], sql("connection-limits.sql")],
      ["sql_tenant_schema_bytes", ["tenant"], ["bytes"], sql("schema-bytes.sql")],
    ]);
    expect(readdirSync(queries)).toHaveLength(metrics.length);
  });

  test("logs in through the proxy, over TLS that is verified, with no password in the configuration", () => {
    expect(config["target"]).toEqual({
      data_source_name: "postgres://platform_monitor@proxy.example.internal:5432/taskflow?sslmode=verify-full",
      collectors: ["tenants"],
    });
  });

  test("pins no connection of the proxy, and holds one", () => {
    expect(metrics.every((one) => one["no_prepared_statement"] === true)).toBe(true);
    expect(config["global"]).toMatchObject({ max_connections: 1, max_idle_connections: 1 });
  });

  test("is one pod on the system nodes, where no tenant runs", () => {
    expect(deployment).toMatchObject({ replicas: "1", strategy: { type: "Recreate" } });
    expect(pod["node_selector"]).toEqual({ "taskflow.io/node-pool": "system" });
    expect(pod["toleration"]).toEqual([{ key: "CriticalAddonsOnly", operator: "Exists", effect: "NoSchedule" }]);
  });

  test("fits Pod Security restricted and has no API token", () => {
    expect(pod["security_context"]).toMatchObject({
      run_as_non_root: true,
      seccomp_profile: { type: "RuntimeDefault" },
    });
    expect(pod["automount_service_account_token"]).toBe(false);
    for (const container of [exporter, renewal]) {
      expect(container["security_context"]).toMatchObject({
        allow_privilege_escalation: false,
        read_only_root_filesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  test("the password lies in memory; the exporter reads it and cannot write it", () => {
    expect(pod["volume"]).toContainEqual({ name: "password", empty_dir: { medium: "Memory", size_limit: "1Mi" } });
    const mount = (container: ResourceJson) =>
      (container["volume_mount"] as ResourceJson[]).find((one) => one["name"] === "password");
    expect(mount(exporter)).toMatchObject({ mount_path: "/var/run/password", read_only: true });
    expect(mount(renewal)).toEqual({ name: "password", mount_path: "/var/run/password" });
    for (const container of [exporter, renewal]) {
      expect(container["env"]).toContainEqual({ name: "PGPASSFILE", value: "/var/run/password/pgpass" });
    }
  });

  test("a changed query restarts it", () => {
    expect(deployment["template"].metadata.labels["taskflow.io/config"]).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe("the password's renewal", () => {
  const TOKEN = "proxy.example.internal:5432/?Action=connect&DBUser=platform_monitor&X-Amz-Signature=a\\b";
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "taskflow-"));
    writeFileSync(join(folder, "renew-password.sh"), data["renew-password.sh"] ?? "");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs the script with an AWS CLI of the test's; resolves with its exit code. */
  function start(cli: string) {
    writeFileSync(join(folder, "aws"), `#!/bin/sh\n${cli}\n`);
    chmodSync(join(folder, "aws"), 0o755);
    const child = spawn("/bin/sh", [join(folder, "renew-password.sh")], {
      env: {
        PATH: `${folder}:${process.env["PATH"] ?? ""}`,
        PGHOST: "proxy.example.internal",
        PGPORT: "5432",
        PGUSER: "platform_monitor",
        PGPASSFILE: join(folder, "pgpass"),
      },
      stdio: "ignore",
      detached: true,
    });
    return { child, ended: new Promise<number | null>((resolve) => child.once("exit", resolve)) };
  }

  async function written(path: string): Promise<string> {
    while (!existsSync(path)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return readFileSync(path, "utf8");
  }

  test("writes a file of PostgreSQL's form that nobody else may read, and ends when it is told to", async () => {
    const { child, ended } = start(
      `test "$*" = "rds generate-db-auth-token --hostname proxy.example.internal ` +
        `--port 5432 --username platform_monitor" && printf '%s' '${TOKEN}'`,
    );
    const file = join(folder, "pgpass");
    expect(await written(file)).toBe(
      "*:*:*:*:proxy.example.internal\\:5432/?Action=connect&DBUser=platform_monitor&X-Amz-Signature=a\\\\b\n",
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    process.kill(-(child.pid ?? 0), "SIGTERM");
    expect(await ended).toBe(0);
  });

  test("fails where no token is to be had, so that Kubernetes tries again", async () => {
    const { ended } = start("exit 253");
    expect(await ended).toBe(253);
    expect(existsSync(join(folder, "pgpass"))).toBe(false);
  });
});
