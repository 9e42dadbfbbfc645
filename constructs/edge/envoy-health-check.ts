import type { LbTargetGroupHealthCheck } from "@cdktf/provider-aws/lib/lb-target-group";

import { PORTS } from "../../config";

/** How a target group asks Envoy's own readiness: a gateway's traffic port answers nobody whose host it does not know. */
export const ENVOY_HEALTH_CHECK: LbTargetGroupHealthCheck = {
  enabled: true,
  protocol: "HTTP",
  port: String(PORTS.envoyReadiness),
  path: "/healthz/ready",
  matcher: "200",
  interval: 10,
  timeout: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
};
