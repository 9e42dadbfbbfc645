import type { KubernetesObject } from "../../tools/manifests/object";

const authorizationPolicy: KubernetesObject = {
  apiVersion: "security.istio.io/v1",
  kind: "AuthorizationPolicy",
  metadata: { name: "sound", namespace: "default" },
  spec: { action: "DENY", rules: [{ from: [{ source: { notNamespaces: ["default"] } }] }] },
};
const networkPolicy: KubernetesObject = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "sound", namespace: "default" },
  spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ ports: [{ port: 8080 }] }] },
};
const targetGroupBinding: KubernetesObject = {
  apiVersion: "elbv2.k8s.aws/v1beta1",
  kind: "TargetGroupBinding",
  metadata: { name: "sound", namespace: "default" },
  spec: { serviceRef: { name: "gateway", port: 443 }, targetGroupARN: "arn", targetType: "ip" },
};

/** The same objects without a mistake. */
export const SOUND: readonly KubernetesObject[] = [authorizationPolicy, networkPolicy, targetGroupBinding];

/** Objects with one mistake each, and what the API server has to say about it. */
export const MISTAKES: readonly (readonly [string, KubernetesObject, string])[] = [
  [
    "an AuthorizationPolicy with a misspelled field",
    {
      ...authorizationPolicy,
      spec: { action: "DENY", rules: [{ from: [{ source: { notNamespace: ["default"] } }] }] },
    },
    'unknown field "spec.rules[0].from[0].source.notNamespace"',
  ],
  [
    "an AuthorizationPolicy with an unknown action",
    { ...authorizationPolicy, spec: { action: "REFUSE" } },
    'Unsupported value: "REFUSE"',
  ],
  [
    "a NetworkPolicy with a misspelled field",
    { ...networkPolicy, spec: { podSelectors: {}, podSelector: {}, policyTypes: ["Ingress"] } },
    'unknown field "spec.podSelectors"',
  ],
  [
    "a NetworkPolicy with an address that is no range",
    { ...networkPolicy, spec: { podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0" } }] }] } },
    "spec.egress[0].to[0].ipBlock.cidr",
  ],
  [
    "a NetworkPolicy with text where a list belongs",
    { ...networkPolicy, spec: { podSelector: {}, policyTypes: "Ingress" } },
    "cannot unmarshal string",
  ],
  [
    "a TargetGroupBinding with text where an object belongs",
    { ...targetGroupBinding, spec: { serviceRef: "gateway" } },
    "spec.serviceRef in body must be of type object",
  ],
];
