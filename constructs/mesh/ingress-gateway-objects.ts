import { INGRESS_GATEWAY, NAMESPACES, PORTS } from "../../config";
import { authorizationPolicy, gateway, type KubernetesObject } from "../kubernetes";
import { GATEWAY_CREDENTIAL, GATEWAY_ISSUER } from "./names";

const NAMESPACE = NAMESPACES.istioIngress;

/**
 * The gateway's HTTPS server, the certificate that it serves, and who may use it.
 *
 * @param loadBalancerCidrs - subnets of the load balancer's nodes
 */
export function gatewayObjects(domain: string, loadBalancerCidrs: readonly string[]): KubernetesObject[] {
  return [
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Issuer",
      metadata: { name: GATEWAY_ISSUER, namespace: NAMESPACE },
      spec: { selfSigned: {} },
    },
    servingCertificate(domain),
    httpsServer(),
    loadBalancerOnly(loadBalancerCidrs),
  ];
}

/**
 * Encrypts the way from the load balancer to the gateway. Self-signed is enough, since the load balancer verifies no
 * target; clients see ACM's certificate. A new key with each renewal; Envoy takes it without a restart.
 */
function servingCertificate(domain: string): KubernetesObject {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: GATEWAY_CREDENTIAL, namespace: NAMESPACE },
    spec: {
      secretName: GATEWAY_CREDENTIAL,
      issuerRef: { group: "cert-manager.io", kind: "Issuer", name: GATEWAY_ISSUER },
      dnsNames: [domain, `*.${domain}`],
      usages: ["digital signature", "server auth"],
      duration: "2160h",
      renewBefore: "720h",
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      revisionHistoryLimit: 1,
    },
  };
}

/**
 * One server for all hosts. `hosts` is both the SNI that an HTTPS server answers to and the hosts that VirtualServices
 * may bind; the load balancer sends no SNI, so anything but `*` would reset every connection. What keeps a tenant from
 * binding another's host is therefore not here: tenants have no identity at the Kubernetes API, and each
 * VirtualService's host is derived from the tenant's id by this repository. A host without a VirtualService gets 404.
 */
function httpsServer(): KubernetesObject {
  return gateway(
    { name: INGRESS_GATEWAY.gatewayName, namespace: NAMESPACE },
    {
      selector: { istio: INGRESS_GATEWAY.istioLabel },
      servers: [
        {
          port: { number: PORTS.gatewayHttps, name: "https", protocol: "HTTPS" },
          hosts: ["*"],
          tls: { mode: "SIMPLE", credentialName: GATEWAY_CREDENTIAL, minProtocolVersion: "TLSV1_2" },
        },
      ],
    },
  );
}

/**
 * The second layer behind the NetworkPolicy, should that be lost: a pod that goes around its sidecar reaches no tenant by way
 * of the gateway, past firewall and load balancer.
 */
function loadBalancerOnly(notIpBlocks: readonly string[]): KubernetesObject {
  return authorizationPolicy(
    { name: "load-balancer-only", namespace: NAMESPACE },
    {
      action: "DENY",
      selector: { matchLabels: { istio: INGRESS_GATEWAY.istioLabel } },
      rules: [{ from: [{ source: { notIpBlocks } }] }],
    },
  );
}
