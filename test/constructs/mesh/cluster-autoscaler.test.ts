import { ClusterAutoscaler } from "../../../constructs/mesh/cluster-autoscaler";
import { synthInCluster } from "../../support/synth";
import { releaseOf, valuesOf } from "./support";

const SYSTEM_NODES = {
  nodeSelector: { "taskflow.io/node-pool": "system" },
  tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists", effect: "NoSchedule" }],
};

describe("Brief: Cluster Autoscaler", () => {
  const synth = (spotFirst: boolean) =>
    synthInCluster(
      (scope) =>
        new ClusterAutoscaler(scope, "autoscaler", {
          clusterName: "taskflow-eks",
          region: "ap-northeast-1",
          spotFirst,
          dependsOn: [],
        }),
    );
  const json = synth(false);
  const values = valuesOf(json, "cluster-autoscaler");

  test("finds the cluster's node groups by their tags", () => {
    expect(values).toMatchObject({ autoDiscovery: { clusterName: "taskflow-eks" }, awsRegion: "ap-northeast-1" });
  });

  test("runs the release of the cluster's own minor version", () => {
    expect(values.image.tag).toBe("v1.36.1");
  });

  test("uses the service account that Pod Identity knows, without annotations", () => {
    expect(values.rbac.serviceAccount).toEqual({ create: true, name: "cluster-autoscaler" });
    expect(releaseOf(json, "cluster-autoscaler")["namespace"]).toBe("kube-system");
  });

  test("may empty nodes at night and at weekends: neither emptyDirs nor system pods hold one", () => {
    expect(values.extraArgs).toMatchObject({
      "skip-nodes-with-local-storage": false,
      "skip-nodes-with-system-pods": false,
      "ignore-daemonsets-utilization": true,
    });
  });

  test("empties a node below the 60 % of use that the brief asks for", () => {
    expect(values.extraArgs["scale-down-utilization-threshold"]).toBe("0.6");
  });

  test("keeps standard half on-demand, half spot", () => {
    expect(values.extraArgs).toMatchObject({
      expander: "least-waste",
      "balance-similar-node-groups": true,
      "balancing-ignore-label": "eks.amazonaws.com/capacityType",
    });
    expect(values).not.toHaveProperty("expanderPriorities");
  });

  test("takes spot first where that is set, and on-demand nodes five minutes later where there is none", () => {
    const { extraArgs, expanderPriorities } = valuesOf(synth(true), "cluster-autoscaler");
    expect(extraArgs).toMatchObject({
      expander: "priority,least-waste",
      "balance-similar-node-groups": false,
      "max-node-provision-time": "5m",
      "scale-down-utilization-threshold": "0.6",
    });
    const priority = (group: string): number =>
      Math.max(
        ...Object.entries(expanderPriorities as Record<string, string[]>)
          .filter(([, patterns]) => patterns.some((pattern) => new RegExp(pattern).test(group)))
          .map(([number]) => Number(number)),
      );
    expect(priority("eks-standard-spot-26c1f5a0")).toBeGreaterThan(priority("eks-standard-on-demand-58c1f5b2"));
    expect(priority("eks-standard-on-demand-58c1f5b2")).toBeGreaterThan(0);
  });

  test("has a second replica on the system nodes, and one at a time may go", () => {
    expect(values).toMatchObject({ replicaCount: 2, podDisruptionBudget: { maxUnavailable: 1 }, ...SYSTEM_NODES });
  });

  test("runs without root, privileges or a writable file system", () => {
    expect(values.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(values.containerSecurityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });
});
