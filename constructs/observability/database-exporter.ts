import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { IMAGES, LABELS, PORTS, SYSTEM_POOL } from "../../config";
import { MONITOR } from "../database";
import { resources, RESTRICTED_CONTAINER, RESTRICTED_POD } from "../kubernetes";
import { databaseExporterConfig } from "./database-exporter-config";
import { CONFIG_LABEL, fingerprint } from "./fingerprint";
import { DATABASE_EXPORTER, MONITORING_ACCOUNTS, OBSERVABILITY_PORTS } from "./services";

export interface DatabaseExporterProps {
  readonly region: string;
  /** Endpoint of the proxy. */
  readonly host: string;
  /** Namespace, policies, and the AWS identity of the exporter's service account. */
  readonly dependsOn: ITerraformDependable[];
}

const ACCOUNT = MONITORING_ACCOUNTS.databaseExporter;
const SELECTOR = { "app.kubernetes.io/name": DATABASE_EXPORTER };
const METADATA = { name: DATABASE_EXPORTER, namespace: ACCOUNT.namespace, labels: SELECTOR };

const CONFIG_FOLDER = "/etc/sql_exporter";
const CONFIG_FILE = "sql_exporter.yml";
const RENEWAL_FILE = "renew-password.sh";
const PASSWORD_FOLDER = "/var/run/password";
const PASSWORD_FILE = `${PASSWORD_FOLDER}/pgpass`;

const EXPORTER = { requestsCpuMilli: 10, requestsMemoryMi: 48, limitsCpuMilli: 200, limitsMemoryMi: 128 };
/** The AWS CLI is Python: some 80 MiB for the second that it runs. */
const RENEWAL = { requestsCpuMilli: 10, requestsMemoryMi: 32, limitsCpuMilli: 500, limitsMemoryMi: 192 };

/**
 * What a tenant's role holds and uses in the database, for Prometheus. It logs in with IAM through the proxy as every pod
 * does: the instance admits none, and a way for this one would be a way for all that share its node.
 *
 * Two containers, because an exporter that signs its own token does so once, when it starts (justwatchcom/sql_exporter),
 * and cannot log in again after 15 minutes: here the AWS CLI renews a password file, which the driver reads at each
 * login.
 */
export class DatabaseExporter extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseExporterProps) {
    super(scope, id);
    const { dependsOn } = props;
    const config = new ConfigMapV1(this, "config", { metadata: METADATA, data: files(props.host), dependsOn });
    const account = new ServiceAccountV1(this, "service-account", {
      metadata: { ...METADATA, name: ACCOUNT.serviceAccount },
      automountServiceAccountToken: false,
      dependsOn,
    });
    new ServiceV1(this, "service", {
      metadata: METADATA,
      spec: {
        type: "ClusterIP",
        selector: SELECTOR,
        port: [
          {
            name: "http-metrics",
            port: OBSERVABILITY_PORTS.databaseExporter,
            targetPort: String(OBSERVABILITY_PORTS.databaseExporter),
            protocol: "TCP",
          },
        ],
      },
      dependsOn,
    });
    this.addDeployment(props, [config, account, ...dependsOn]);
  }

  private addDeployment(props: DatabaseExporterProps, dependsOn: ITerraformDependable[]): void {
    const config = { name: "config", mountPath: CONFIG_FOLDER, readOnly: true };
    const password = { name: "password", mountPath: PASSWORD_FOLDER };
    new DeploymentV1(this, "deployment", {
      metadata: METADATA,
      spec: {
        replicas: "1",
        revisionHistoryLimit: 3,
        // Two at once would count everything twice.
        strategy: { type: "Recreate" },
        selector: { matchLabels: SELECTOR },
        template: {
          // Without the host, which Terraform knows and this code does not.
          metadata: { labels: { ...SELECTOR, [CONFIG_LABEL]: fingerprint(files("")) } },
          spec: {
            serviceAccountName: ACCOUNT.serviceAccount,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            nodeSelector: { [LABELS.nodePool]: SYSTEM_POOL.name },
            toleration: [{ key: SYSTEM_POOL.taint.key, operator: "Exists", effect: "NoSchedule" }],
            securityContext: RESTRICTED_POD,
            container: [
              {
                name: "sql-exporter",
                image: IMAGES.sqlExporter,
                imagePullPolicy: "Always",
                args: [`-config.file=${CONFIG_FOLDER}/${CONFIG_FILE}`, "-log.format=json", "-log.level=warn"],
                env: [{ name: "PGPASSFILE", value: PASSWORD_FILE }],
                port: [{ name: "http-metrics", containerPort: OBSERVABILITY_PORTS.databaseExporter, protocol: "TCP" }],
                resources: resources(EXPORTER),
                securityContext: RESTRICTED_CONTAINER,
                readinessProbe: healthProbe(10),
                livenessProbe: healthProbe(30),
                volumeMount: [config, { ...password, readOnly: true }],
              },
              {
                name: "renew-password",
                image: IMAGES.awsCli,
                imagePullPolicy: "Always",
                command: ["/bin/sh", `${CONFIG_FOLDER}/${RENEWAL_FILE}`],
                env: Object.entries({
                  AWS_REGION: props.region,
                  PGHOST: props.host,
                  PGPORT: String(PORTS.postgresql),
                  PGUSER: MONITOR,
                  PGPASSFILE: PASSWORD_FILE,
                  HOME: PASSWORD_FOLDER,
                }).map(([name, value]) => ({ name, value })),
                resources: resources(RENEWAL),
                securityContext: RESTRICTED_CONTAINER,
                volumeMount: [config, password],
              },
            ],
            volume: [
              { name: "config", configMap: { name: METADATA.name } },
              // In memory: a token shall not lie on a node's disk.
              { name: "password", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
            ],
          },
        },
      },
      dependsOn,
    });
  }
}

/** Asks the process alone: a database that is away is no reason to restart what says so. */
function healthProbe(periodSeconds: number) {
  return { httpGet: { path: "/healthz", port: String(OBSERVABILITY_PORTS.databaseExporter) }, periodSeconds };
}

/** Files of the ConfigMap by name. */
function files(host: string): Readonly<Record<string, string>> {
  return {
    [CONFIG_FILE]: JSON.stringify(databaseExporterConfig(host), null, 2),
    [RENEWAL_FILE]: readFileSync(join(__dirname, "database-exporter", RENEWAL_FILE), "utf8"),
  };
}
