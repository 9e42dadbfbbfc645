import { Construct } from "constructs";

import { NAMESPACES } from "../../../config";
import { admissionPolicy, LocalManifests } from "../../kubernetes";
import { authorizationPolicyPolicy, identityPolicy, networkPolicyPolicy } from "./access";
import { kindPolicy } from "./kinds";
import { namespacePolicy } from "./namespaces";
import { podPolicy } from "./pods";
import { destinationRulePolicy, virtualServicePolicy } from "./routes";
import { servicePolicy } from "./services";

export interface TenantAdmissionProps {
  /** Tenants answer on `<id>.<domain>`. */
  readonly domain: string;
  /** Subnets that RDS Proxy's endpoints stand in. */
  readonly databaseSubnetCidrs: readonly string[];
}

/**
 * What the API server refuses whoever asks, in tenants' namespaces and about them: what this repository never writes. Nobody is
 * exempt, CI's role included: what the TenantConstruct makes, and Flagger and istiod beside it, passes by its content.
 *
 * The policies are built into Kubernetes and judged in the API server, so that no webhook can be away.
 */
export class TenantAdmission extends Construct {
  constructor(scope: Construct, id: string, props: TenantAdmissionProps) {
    super(scope, id);
    const policies = [
      namespacePolicy(),
      podPolicy(),
      servicePolicy(),
      kindPolicy(),
      virtualServicePolicy(props.domain),
      destinationRulePolicy(),
      networkPolicyPolicy(props.databaseSubnetCidrs),
      authorizationPolicyPolicy(),
      identityPolicy(),
    ];
    // Helm and not kubernetes_manifest, which would want the cluster's API for every plan of the stack.
    new LocalManifests(this, "manifests", {
      releaseName: "tenant-admission",
      namespace: NAMESPACES.kubeSystem,
      objects: policies.flatMap(admissionPolicy),
    });
  }
}
