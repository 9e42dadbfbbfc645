import type { Construct } from "constructs";

import { serves } from "../config";
import type { AlertTopicArns } from "../constructs/account";
import type { ClusterOutputs } from "../constructs/cluster";
import type { DatabaseOutputs } from "../constructs/database";
import {
  DatabaseExporter,
  EncryptedStorageClass,
  Jaeger,
  Kiali,
  MonitoringIdentities,
  MonitoringRules,
  Monitors,
  ObservabilityNamespace,
  ObservabilityNetworkPolicies,
  PlatformDashboards,
  PrometheusStack,
} from "../constructs/observability";
import { BaseStack, type BaseStackProps } from "./base-stack";
import { addHelmProvider, addKubernetesProvider } from "./cluster-providers";

export interface ObservabilityStackProps extends BaseStackProps {
  readonly cluster: ClusterOutputs;
  readonly database: DatabaseOutputs;
  readonly alertTopics: AlertTopicArns;
}

/** Metrics, alerts, dashboards, traces and the picture of the mesh. */
export class ObservabilityStack extends BaseStack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props);
    const { environment, cluster, database, alertTopics } = props;
    const { region } = environment;
    addKubernetesProvider(this, cluster, region);
    addHelmProvider(this, cluster, region);
    const nodeSubnetCidrs = environment.network.privateSubnets.map((subnet) => subnet.cidr);

    const namespace = new ObservabilityNamespace(this, "namespace").resource;
    const storageClass = new EncryptedStorageClass(this, "storage-class", { environmentName: environment.name })
      .resource;
    const policies = new ObservabilityNetworkPolicies(this, "network-policies", {
      nodeSubnetCidrs,
      databaseSubnetCidrs: environment.network.databaseSubnets.map((subnet) => subnet.cidr),
      dependsOn: [namespace],
    }).resources;
    const foundation = [namespace, storageClass, ...policies];
    const identities = new MonitoringIdentities(this, "identities", {
      region,
      clusterName: cluster.name,
      alertTopics,
      databaseProxyArn: database.proxyArn,
    });

    const prometheus = new PrometheusStack(this, "prometheus", {
      environment,
      alertTopics,
      dependsOn: [...foundation, ...identities.prometheusStack],
    });
    new MonitoringRules(this, "rules", { environment, dependsOn: [prometheus.release] });
    new Monitors(this, "monitors", { dependsOn: [prometheus.release] });
    new PlatformDashboards(this, "dashboards", {
      environment,
      databaseName: database.name,
      dependsOn: [namespace],
    });
    // A replica has no proxy to be asked through.
    if (serves(environment)) {
      new DatabaseExporter(this, "database-exporter", {
        region,
        host: database.proxyEndpoint,
        dependsOn: [namespace, ...policies, ...identities.databaseExporter],
      });
    }
    new Jaeger(this, "jaeger", { keptPercent: environment.savings.tracesKeptPercent, dependsOn: foundation });
    new Kiali(this, "kiali", { nodeSubnetCidrs });
  }
}
