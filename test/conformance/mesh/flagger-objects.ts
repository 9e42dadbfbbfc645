import { FLAGGER_LABEL } from "../../../constructs/mesh";
import type { JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { objectAt } from "../json";

/** Per cent of requests at the first step of an analysis. */
export const FIRST_STEP = 10;

/**
 * What Flagger makes of a Canary and of its Deployment: the Deployment's copy, a Service and a DestinationRule for each copy,
 * and the VirtualService (flagger 1.44: pkg/canary, pkg/router).
 *
 * @param canaryPercent - 0 at rest
 */
export function flaggerObjects(
  canary: KubernetesObject,
  deployment: KubernetesObject,
  canaryPercent = FIRST_STEP,
): readonly KubernetesObject[] {
  const { name = "", namespace = "" } = canary.metadata;
  const service = objectAt(canary, "spec", "service");
  const copies = [`${name}-primary`, `${name}-canary`] as const;
  const object = (apiVersion: string, kind: string, called: string, spec: JsonObject): KubernetesObject => ({
    apiVersion,
    kind,
    metadata: { name: called, namespace },
    spec,
  });
  const { port, targetPort, portName, appProtocol, trafficPolicy, hosts, gateways, timeout, retries } = service;
  const entry = hosts === undefined || gateways === undefined ? {} : { hosts, gateways };
  const ports = [{ name: portName, protocol: "TCP", port, targetPort, appProtocol }] as JsonObject[];
  const selectors = [`${name}-primary`, name];
  return [
    primaryOf(deployment),
    ...copies.map((copy, index) =>
      object("v1", "Service", copy, { ports, selector: { [FLAGGER_LABEL]: selectors[index] ?? "" } }),
    ),
    ...copies.map((copy) =>
      object("networking.istio.io/v1beta1", "DestinationRule", copy, {
        host: copy,
        trafficPolicy: trafficPolicy ?? {},
      }),
    ),
    object("networking.istio.io/v1beta1", "VirtualService", name, {
      ...entry,
      http: [
        {
          ...(timeout === undefined ? {} : { timeout }),
          ...(retries === undefined ? {} : { retries }),
          route: copies.map((copy, index) => ({
            destination: { host: copy },
            weight: index === 0 ? 100 - canaryPercent : canaryPercent,
          })),
        },
      ],
    }),
  ];
}

/** The copy that serves: its label of Flagger's is another, all others are the Deployment's. */
function primaryOf(deployment: KubernetesObject): KubernetesObject {
  const name = `${deployment.metadata.name ?? ""}-primary`;
  const spec = objectAt(deployment, "spec");
  const template = objectAt(deployment, "spec", "template");
  const metadata = objectAt(deployment, "spec", "template", "metadata");
  const labels = { ...objectAt(metadata, "labels"), [FLAGGER_LABEL]: name };
  return {
    ...deployment,
    metadata: { name, namespace: deployment.metadata.namespace ?? "" },
    spec: {
      ...spec,
      selector: { matchLabels: { [FLAGGER_LABEL]: name } },
      template: { ...template, metadata: { ...metadata, labels } },
    },
  };
}
