import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { isObject, type Json } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { cacheFolder, report, writeWhole } from "./cache";
import { goDownload } from "./go";

/** A Go module that carries a project's CRDs. */
interface CrdSource {
  readonly name: string;
  readonly module: string;
  readonly version: string;
  /** Checksum of the module, as go.sum would have it. */
  readonly sum: string;
  /** File or folder of YAML inside the module. */
  readonly path: string;
}

/** The CRDs of everything the platform installs and then writes objects for; versions match `config/versions.ts`. */
export const CRD_SOURCES = {
  istio: {
    name: "istio",
    module: "istio.io/istio",
    // The commit whose VERSION file says 1.31; release tags of Istio are no versions of the module.
    version: "v0.0.0-20260827124520-eed52ebb66ad",
    sum: "h1:ui9TJjRMAV/hb5ehQaZDq7IUGxuQP6dra9lapT/VjHI=",
    path: "manifests/charts/base/files/crd-all.gen.yaml",
  },
  prometheusOperator: {
    name: "prometheus-operator",
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.93.1",
    sum: "h1:4Juk8v93RdG1DSGD/mGp+SeQKPmnlLIj2iq3blLZgFY=",
    path: "example/prometheus-operator-crd",
  },
  flagger: {
    name: "flagger",
    module: "github.com/fluxcd/flagger",
    version: "v1.44.0",
    sum: "h1:JAb2mE3AAO5Y/JkfHy6xbFDPDPk9lGvqXwmtztNbdhw=",
    path: "artifacts/flagger/crd.yaml",
  },
  certManager: {
    name: "cert-manager",
    module: "github.com/cert-manager/cert-manager",
    version: "v1.21.1",
    sum: "h1:0LttV37Q5c2CBNoHkjuI8sLKTXWZDC2SwQkxrBMKV9w=",
    path: "deploy/crds",
  },
  // Nothing of ours writes objects of the two below: admission policies refuse them in tenants' namespaces.
  gatewayApi: {
    name: "gateway-api",
    module: "sigs.k8s.io/gateway-api",
    version: "v1.6.0",
    sum: "h1:735YBRj5NXFrOGX0GoSjwzUIzbz8kiEOfADsqHFmHgE=",
    path: "config/crd/standard",
  },
  vpcResources: {
    name: "vpc-resources",
    module: "github.com/aws/amazon-vpc-resource-controller-k8s",
    version: "v1.8.2",
    sum: "h1:S6fvZf7+Xjho4LLo2AdxT3x9yaOJ37Ly/eGQd+ASWi4=",
    path: "config/crd/bases",
  },
} as const satisfies Readonly<Record<string, CrdSource>>;

/** CRDs that no Go module carries. */
const OWN_FOLDER = join(__dirname, "crds");

function yamlFiles(path: string): readonly string[] {
  if (statSync(path).isFile()) {
    return [path];
  }
  return readdirSync(path)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(path, name));
}

function cached({ name, version }: CrdSource): string {
  return join(cacheFolder(`${name}-crds`, version), "crds.json");
}

/** Fetches what the cache lacks. */
export async function ensureCrds(): Promise<void> {
  for (const source of Object.values(CRD_SOURCES)) {
    const path = cached(source);
    if (existsSync(path)) {
      continue;
    }
    report(`fetching the CRDs of ${source.name} ${source.version}`);
    const folder = await goDownload(source.module, source.version, source.sum);
    const crds = yamlFiles(join(folder, source.path)).flatMap(crdsIn);
    await writeWhole(path, (temporary) => writeFile(temporary, JSON.stringify(crds)));
  }
}

function crdsIn(file: string): readonly KubernetesObject[] {
  return parseAllDocuments(readFileSync(file, "utf8"))
    .map((document) => document.toJS() as Json)
    .filter((value): value is KubernetesObject => isObject(value) && value["kind"] === "CustomResourceDefinition");
}

/** True if a CRD is what defines an object's kind. */
function defines(crd: KubernetesObject, object: KubernetesObject): boolean {
  const { group, names } = isObject(crd["spec"]) ? crd["spec"] : {};
  return object.apiVersion.startsWith(`${String(group)}/`) && isObject(names) && names["kind"] === object.kind;
}

/**
 * The CRDs of these objects' kinds, and no more: all of them together, the Prometheus operator's above all, take an API
 * server 13 s of CPU to digest.
 */
export function crdsFor(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const fetched = Object.values(CRD_SOURCES).flatMap(
    (source) => JSON.parse(readFileSync(cached(source), "utf8")) as readonly KubernetesObject[],
  );
  const all = [...fetched, ...yamlFiles(OWN_FOLDER).flatMap(crdsIn)];
  return all.filter((crd) => objects.some((object) => defines(crd, object)));
}
