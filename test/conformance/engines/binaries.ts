import { existsSync } from "node:fs";
import { join } from "node:path";
import { CHARTS } from "../../../config";
import { cacheFolder, report, writeWhole } from "./cache";
import { goBuild, goModule, requiredVersion } from "./go";

/** The programs of a Kubernetes control plane. */
export const CONTROL_PLANE = ["etcd", "kube-apiserver", "kube-controller-manager"] as const;

/** What a mesh with its network policies and its rate limit needs beside a control plane, Envoy aside. */
export const MESH = ["pilot-discovery", "pilot-agent", "istioctl", "kube-router", "ratelimit"] as const;

export type BinaryName = (typeof CONTROL_PLANE)[number] | (typeof MESH)[number];

interface BinarySpec {
  /** Folder under `engines/go` whose go.mod pins the program. */
  readonly module: string;
  /** Module whose version is the program's. */
  readonly versionOf: string;
  /** Package to build. */
  readonly command: string;
  readonly ldflags: (version: string) => string;
  /** Build tags. @default - none */
  readonly tags?: string;
}

const STRIPPED = "-s -w";

/** Without this stamp the API server calls itself v0.0.0-master, and clients refuse it. */
function kubernetesStamp(version: string): string {
  const [major = "", minor = ""] = version.slice(1).split(".");
  const stamp = Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor });
  return [STRIPPED, ...stamp.map(([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`)].join(" ");
}

/** Without this stamp istiod and its agents call themselves unknown, and istioctl warns of it. */
const istioStamp = (): string => `${STRIPPED} -X istio.io/istio/pkg/version.buildVersion=${CHARTS.istiod.version}`;

const istio = { module: "istio", versionOf: "istio.io/istio", ldflags: istioStamp, tags: "vtprotobuf" };

const kubernetes = { module: "kubernetes", versionOf: "k8s.io/kubernetes", ldflags: kubernetesStamp };

const BINARIES: Readonly<Record<BinaryName, BinarySpec>> = {
  etcd: {
    module: "etcd",
    versionOf: "go.etcd.io/etcd/server/v3",
    command: "go.etcd.io/etcd/server/v3",
    ldflags: () => STRIPPED,
  },
  "kube-apiserver": { ...kubernetes, command: "k8s.io/kubernetes/cmd/kube-apiserver" },
  "kube-controller-manager": { ...kubernetes, command: "k8s.io/kubernetes/cmd/kube-controller-manager" },
  "pilot-discovery": { ...istio, command: "istio.io/istio/pilot/cmd/pilot-discovery" },
  "pilot-agent": { ...istio, command: "istio.io/istio/pilot/cmd/pilot-agent" },
  istioctl: { ...istio, command: "istio.io/istio/istioctl/cmd/istioctl" },
  "kube-router": {
    module: "kube-router",
    versionOf: "github.com/cloudnativelabs/kube-router/v2",
    command: "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router",
    ldflags: () => STRIPPED,
  },
  ratelimit: {
    module: "ratelimit",
    versionOf: "github.com/envoyproxy/ratelimit",
    command: "github.com/envoyproxy/ratelimit/src/service_cmd",
    ldflags: () => STRIPPED,
  },
};

function locate(name: BinaryName): { readonly version: string; readonly path: string } {
  const { module, versionOf } = BINARIES[name];
  const version = requiredVersion(goModule(module), versionOf);
  return { version, path: join(cacheFolder(name, version), name) };
}

function isBinaryName(name: string): name is BinaryName {
  return name in BINARIES;
}

/**
 * Path of a program that ensureBinaries has made sure of.
 * @throws Error if it is none of these
 */
export function binaryPath(name: string): string {
  if (!isBinaryName(name)) {
    throw new Error(`${name} is not among the programs that are built here`);
  }
  return locate(name).path;
}

/** Builds what the cache lacks, one after the other: each build uses every core by itself. */
export async function ensureBinaries(names: readonly BinaryName[]): Promise<void> {
  for (const name of names) {
    const { version, path } = locate(name);
    if (existsSync(path)) {
      continue;
    }
    const { module, command, ldflags, tags } = BINARIES[name];
    report(`building ${name} ${version}, once for this cache (the large ones: 4 to 10 minutes on two cores)`);
    const build = { module: goModule(module), command, ldflags: ldflags(version), ...(tags ? { tags } : {}) };
    await writeWhole(path, (temporary) => goBuild(build, temporary));
  }
}
