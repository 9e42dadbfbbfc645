import { NAMESPACES } from "../../config";
import type { KubernetesObject } from "../kubernetes";

export interface TargetGroupBindingOptions {
  readonly name: string;
  readonly targetGroupArn: string;
  /** The gateway's Service and the port of it that the load balancer sends to. */
  readonly service: { readonly name: string; readonly port: number };
}

/**
 * Puts a gateway's pods into a load balancer's target group. It says nothing of `networking`: the controller leaves
 * security groups alone then, and Terraform owns them.
 */
export function targetGroupBinding({ name, targetGroupArn, service }: TargetGroupBindingOptions): KubernetesObject {
  return {
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    metadata: { name, namespace: NAMESPACES.istioIngress },
    spec: {
      targetGroupARN: targetGroupArn,
      targetType: "ip",
      serviceRef: service,
    },
  };
}
