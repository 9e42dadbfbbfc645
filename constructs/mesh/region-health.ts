import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { API_GATEWAY, INGRESS_GATEWAY, LABELS, NAMESPACES, PORTS } from "../../config";
import { REGION_HEALTH_PATH } from "../edge";
import { LocalManifests, virtualService } from "../kubernetes";
import { FLAGGER_LABEL } from "./flagger";
import { API_GATEWAY_PRIMARY, serviceHost } from "./names";

export interface RegionHealthProps {
  /** Host of this region, whichever region serves the tenants. */
  readonly host: string;
  /** istiod, the namespace's protections. */
  readonly dependsOn: ITerraformDependable[];
}

const NAME = `${API_GATEWAY.name}-region`;
const NAMESPACE = NAMESPACES.sharedServices;

/**
 * Tells from outside whether this region can serve: a request goes by firewall, load balancer, ingress gateway and mutual TLS
 * to the api-gateway's own readiness. It has a Service of its own, which selects this region's pods alone: the one that
 * clients are routed to would be answered by the other region, and hide the fault. Every other path is answered with 404.
 */
export class RegionHealth extends Construct {
  constructor(scope: Construct, id: string, props: RegionHealthProps) {
    super(scope, id);
    const { dependsOn } = props;
    const service = new ServiceV1(this, "service", {
      metadata: { name: NAME, namespace: NAMESPACE, labels: { [LABELS.service]: API_GATEWAY.name } },
      spec: {
        selector: { [FLAGGER_LABEL]: API_GATEWAY_PRIMARY, [LABELS.service]: API_GATEWAY.name },
        port: [{ name: "http", appProtocol: "http", port: PORTS.http, targetPort: String(PORTS.http) }],
      },
      dependsOn,
    });
    new LocalManifests(this, "manifests", {
      releaseName: "region-health",
      namespace: NAMESPACE,
      objects: [
        virtualService(
          { name: "region-health", namespace: NAMESPACE },
          {
            hosts: [props.host],
            gateways: [INGRESS_GATEWAY.gateway],
            exportTo: [".", NAMESPACES.istioIngress],
            http: [
              {
                name: "region-health",
                match: [{ uri: { exact: REGION_HEALTH_PATH } }],
                route: [{ destination: { host: serviceHost(NAME, NAMESPACE), port: { number: PORTS.http } } }],
                // Route 53 waits two seconds for the status (developer guide, how health checks judge an endpoint).
                timeout: "2s",
              },
            ],
          },
        ),
      ],
      dependsOn: [service, ...dependsOn],
    });
  }
}
