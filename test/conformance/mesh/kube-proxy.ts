import { isArray, isObject, type Json, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import type { ServicePort } from "./hosts";

/** Where the ports of Services lead, read from the EndpointSlices that the controller manager keeps. */
export function servicePorts(
  services: readonly KubernetesObject[],
  slices: readonly KubernetesObject[],
): readonly ServicePort[] {
  return services.flatMap((service) => {
    const spec = objectOf(service["spec"]);
    const address = spec["clusterIP"];
    const own = slices.filter(
      ({ metadata }) =>
        metadata.namespace === service.metadata.namespace &&
        metadata.labels?.["kubernetes.io/service-name"] === service.metadata.name,
    );
    return typeof address !== "string"
      ? []
      : listOf(spec["ports"])
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
  const port = listOf(slice["ports"]).find(({ name }) => (name ?? "") === (portName ?? ""));
  const ready = listOf(slice["endpoints"]).filter((endpoint) => objectOf(endpoint["conditions"])["ready"] === true);
  const addresses = ready.flatMap((endpoint) => (isArray(endpoint["addresses"]) ? endpoint["addresses"] : []));
  return port === undefined ? [] : addresses.map((address) => `${String(address)}:${String(port["port"])}`);
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}
