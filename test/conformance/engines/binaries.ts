import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, report, writeWhole } from "./cache";
import { goBuild, goModule, requiredVersion } from "./go";

/** The programs of a control plane. */
export type BinaryName = "etcd" | "kube-apiserver" | "kube-controller-manager";

interface BinarySpec {
  /** Folder under `engines/go` whose go.mod pins the program. */
  readonly module: string;
  /** Module whose version is the program's. */
  readonly versionOf: string;
  /** Package to build. */
  readonly command: string;
  readonly ldflags: (version: string) => string;
}

const STRIPPED = "-s -w";

/** Without this stamp the API server calls itself v0.0.0-master, and clients refuse it. */
function kubernetesStamp(version: string): string {
  const [major = "", minor = ""] = version.slice(1).split(".");
  const stamp = Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor });
  return [STRIPPED, ...stamp.map(([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`)].join(" ");
}

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
    throw new Error(`${name} is not among the programs of a control plane`);
  }
  return locate(name).path;
}

/** Builds what the cache lacks, one after the other: each build uses every core by itself. */
export async function ensureBinaries(): Promise<void> {
  for (const name of Object.keys(BINARIES) as BinaryName[]) {
    const { version, path } = locate(name);
    if (existsSync(path)) {
      continue;
    }
    const { module, command, ldflags } = BINARIES[name];
    report(`building ${name} ${version}, once for this cache (kube-apiserver: 4 to 10 minutes on two cores)`);
    await writeWhole(path, (temporary) => goBuild(goModule(module), command, ldflags(version), temporary));
  }
}
