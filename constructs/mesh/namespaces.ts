import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Construct } from "constructs";

import { LABELS, NAMESPACES } from "../../config";
import { NETWORK_LABEL } from "./names";

/** What a pod must not do in any of these namespaces. Istio's CNI plugin runs in kube-system, so that all can have it. */
const POD_SECURITY = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
};

/** istiod watches the namespace. */
const MESH_MEMBER = { [LABELS.meshMember]: "enabled" };

/** Pods get Envoy. */
const INJECTED = { ...MESH_MEMBER, "istio-injection": "enabled" };

/** No part of the mesh, and Istio's analysis should not suggest it. */
const NOT_INJECTED = { "istio-injection": "disabled" };

/** A pod counts as ready only once the load balancer sends to it, so that a rollout never outruns the registration. */
const TARGET_HEALTH_GATE = { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" };

export interface MeshNamespacesProps {
  /**
   * Name of the network that the cluster's pods are in, where the mesh has several.
   * @default - the mesh has one network, without a name
   */
  readonly network?: string | undefined;
}

/** The mesh's own namespaces. `observability` belongs to its stack, a tenant's to the tenant. */
export class MeshNamespaces extends Construct {
  public readonly istioSystem: NamespaceV1;
  public readonly istioIngress: NamespaceV1;
  public readonly sharedServices: NamespaceV1;
  public readonly certManager: NamespaceV1;
  public readonly flagger: NamespaceV1;

  constructor(scope: Construct, id: string, props: MeshNamespacesProps = {}) {
    super(scope, id);
    const { network } = props;
    this.istioSystem = this.namespace(NAMESPACES.istioSystem, {
      ...MESH_MEMBER,
      // istiod takes every pod of the cluster to be in it.
      ...(network === undefined ? {} : { [NETWORK_LABEL]: network }),
    });
    this.istioIngress = this.namespace(NAMESPACES.istioIngress, { ...INJECTED, ...TARGET_HEALTH_GATE });
    this.sharedServices = this.namespace(NAMESPACES.sharedServices, INJECTED);
    this.certManager = this.namespace(NAMESPACES.certManager, NOT_INJECTED);
    // Under STRICT the load tester answers Flagger only over mutual TLS.
    this.flagger = this.namespace(NAMESPACES.flagger, INJECTED);
  }

  private namespace(name: string, labels: Readonly<Record<string, string>>): NamespaceV1 {
    return new NamespaceV1(this, name, {
      metadata: { name, labels: { ...POD_SECURITY, ...labels } },
      timeouts: { delete: "10m" },
    });
  }
}
