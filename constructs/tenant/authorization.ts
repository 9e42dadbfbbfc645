import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { FLAGGER_ROLLOUT, LABELS, NAMESPACES, PORTS, principal, SERVICE_ACCOUNTS } from "../../config";
import { authorizationPolicy, KubernetesManifest } from "../kubernetes";
import { LOAD_TEST_PATH, LOADTESTER } from "../mesh";

export interface TenantAuthorizationProps {
  /** The tenant's namespace. */
  readonly namespace: string;
  /** Whether Flagger analyses releases of the tenant's services. */
  readonly analysed: boolean;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Who may call the tenant's services by mesh identity: the second layer, should a NetworkPolicy be lost. Both forms are
 * safe against a caller without identity: the DENY is negative (no identity matches it), the ALLOW positive.
 */
export class TenantAuthorization extends Construct {
  /** For what must not run before the policies are in force. */
  public readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TenantAuthorizationProps) {
    super(scope, id);
    const { namespace, dependsOn } = props;
    const deny = new KubernetesManifest(this, "deny", {
      object: authorizationPolicy(
        { name: "deny-other-tenants", namespace },
        {
          action: "DENY",
          rules: [
            {
              from: [
                {
                  source: {
                    notNamespaces: [
                      namespace,
                      NAMESPACES.istioSystem,
                      NAMESPACES.istioIngress,
                      NAMESPACES.sharedServices,
                    ],
                  },
                },
              ],
            },
          ],
        },
      ),
      dependsOn,
    });
    const allow = new KubernetesManifest(this, "allow", {
      object: authorizationPolicy(
        { name: "allow-tenant-and-platform", namespace },
        {
          action: "ALLOW",
          rules: [
            {
              from: [
                { source: { namespaces: [namespace] } },
                {
                  source: {
                    principals: [
                      principal(NAMESPACES.istioIngress, SERVICE_ACCOUNTS.ingressGateway),
                      principal(NAMESPACES.sharedServices, SERVICE_ACCOUNTS.apiGateway),
                    ],
                  },
                },
              ],
            },
            {
              from: [{ source: { namespaces: [NAMESPACES.observability] } }],
              to: [{ operation: { ports: [String(PORTS.sidecarMetrics), String(PORTS.envoyStats)] } }],
            },
          ],
        },
      ),
      dependsOn,
    });
    this.resources = [
      deny.resource,
      allow.resource,
      ...(props.analysed ? [this.allowLoadTester(namespace, dependsOn)] : []),
    ];
  }

  /** One path of the pods that Flagger rolls out: the load tester runs any command that Flagger asks it to. */
  private allowLoadTester(namespace: string, dependsOn: ITerraformDependable[]): ITerraformDependable {
    const { resource } = new KubernetesManifest(this, "allow-load-tester", {
      object: authorizationPolicy(
        { name: "allow-load-tester", namespace },
        {
          action: "ALLOW",
          selector: { matchLabels: { [LABELS.rollout]: FLAGGER_ROLLOUT } },
          rules: [
            {
              from: [{ source: { principals: [principal(NAMESPACES.sharedServices, LOADTESTER.service)] } }],
              to: [{ operation: { ports: [String(PORTS.http)], methods: ["GET"], paths: [LOAD_TEST_PATH] } }],
            },
          ],
        },
      ),
      dependsOn,
    });
    return resource;
  }
}
