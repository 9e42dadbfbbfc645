import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS, NAMESPACES, type SavingsSettings } from "../../config";
import { HelmChart, memoryGi, resources } from "../kubernetes";
import { CONFIG_LABEL, fingerprint } from "./fingerprint";
import { jaegerConfig, TRACE_DIRECTORY } from "./jaeger-config";
import { ON_DEMAND_NODES } from "./prometheus-values";
import { OBSERVABILITY_SERVICES } from "./services";
import { ENCRYPTED_STORAGE_CLASS } from "./storage-class";

export interface JaegerProps {
  /** Per cent of each tier's ordinary traces that are kept. */
  readonly keptPercent: SavingsSettings["tracesKeptPercent"];
  /** Namespace, policies and storage class. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Disk for traces, in GiB. 19 requests a second (brief: 50 million a month), four spans of 1 kB each and every tenth trace
 * kept, the most of any tier, are 0.7 GB a day, or 5 GB in the seven days kept; the rest is for Badger's own clean-up and for growth.
 */
const VOLUME_GI = 20;

const VOLUME_NAME = "jaeger-badger";

/** The image's own user. */
const USER_ID = 10_001;

/**
 * Jaeger 2 in one process, its traces in Badger on a volume, so that a restart loses none. Badger allows one writer: one
 * replica, stopped before the next starts; spans of that half-minute are lost. A store of its own (OpenSearch) would lift
 * that, and be one more cluster to run and pay.
 */
export class Jaeger extends Construct {
  constructor(scope: Construct, id: string, props: JaegerProps) {
    super(scope, id);
    const volume = new PersistentVolumeClaimV1(this, "volume", {
      metadata: { name: VOLUME_NAME, namespace: NAMESPACES.observability },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: ENCRYPTED_STORAGE_CLASS,
        resources: { requests: { storage: memoryGi(VOLUME_GI) } },
      },
      // The class binds a claim when its first pod is scheduled, which is after this resource.
      waitUntilBound: false,
      dependsOn: props.dependsOn,
      lifecycle: { preventDestroy: true },
    });

    const userconfig = jaegerConfig(props.keptPercent);
    const name = OBSERVABILITY_SERVICES.traceCollector.name;
    new HelmChart(this, "release", {
      chart: CHARTS.jaeger,
      releaseName: "jaeger",
      namespace: NAMESPACES.observability,
      values: {
        // Name of the Deployment and of the one Service for all ports.
        fullnameOverride: name,
        userconfig,
        jaeger: {
          replicas: 1,
          strategy: { type: "Recreate" },
          // The chart does not restart the pod when its configuration changes; a changed label does.
          podLabels: { [CONFIG_LABEL]: fingerprint(userconfig) },
          nodeSelector: ON_DEMAND_NODES,
          serviceAccount: { automountServiceAccountToken: false },
          podSecurityContext: {
            runAsNonRoot: true,
            runAsUser: USER_ID,
            runAsGroup: USER_ID,
            fsGroup: USER_ID,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          extraVolumes: [{ name: "badger", persistentVolumeClaim: { claimName: VOLUME_NAME } }],
          extraVolumeMounts: [{ name: "badger", mountPath: TRACE_DIRECTORY }],
          // Undecided traces 240 MiB at most, connections of 3,000 proxies 120 MiB at 40 kB each, Badger's caches and
          // tables 500 MiB; the rest is for queries.
          resources: resources({
            requestsCpuMilli: 100,
            requestsMemoryMi: 1_024,
            limitsCpuMilli: 1_000,
            limitsMemoryMi: 2_048,
          }),
        },
      },
      dependsOn: [volume, ...props.dependsOn],
    });
  }
}
