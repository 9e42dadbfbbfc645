import { isArray, type Json } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { objectAt, objectsIn } from "../json";
import type { ServicePort } from "./hosts";

/** Where the ports of Services lead, read from the EndpointSlices that the controller manager keeps. */
export function servicePorts(
  services: readonly KubernetesObject[],
  slices: readonly KubernetesObject[],
): readonly ServicePort[] {
  return services.flatMap((service) => {
    const spec = objectAt(service["spec"]);
    const address = spec["clusterIP"];
    const own = slices.filter(
      ({ metadata }) =>
        metadata.namespace === service.metadata.namespace &&
        metadata.labels?.["kubernetes.io/service-name"] === service.metadata.name,
    );
    return typeof address !== "string"
      ? []
      : objectsIn(spec["ports"])
          .filter((port) => port["protocol"] === "TCP")
          .map((port) => ({
            address,
            port: Number(port["port"]),
            targets: own.flatMap((slice) => targetsOf(slice, port["name"])),
          }));
  });
}

/** Ready addresses of a slice, with the port that bears the Service port's name. */
function targetsOf(slice: KubernetesObject, portName: Json | undefined): readonly string[] {
  const port = objectsIn(slice["ports"]).find(({ name }) => (name ?? "") === (portName ?? ""));
  const ready = objectsIn(slice["endpoints"]).filter((endpoint) => objectAt(endpoint["conditions"])["ready"] === true);
  const addresses = ready.flatMap((endpoint) => (isArray(endpoint["addresses"]) ? endpoint["addresses"] : []));
  return port === undefined ? [] : addresses.map((address) => `${String(address)}:${String(port["port"])}`);
}
