import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { App } from "cdktf";
import { type Environment, NAMESPACES, PORTS } from "../../../config";
import { meshRegions } from "../../../constructs/mesh";
import { MeshStack } from "../../../stacks/mesh-stack";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { inTwoRegions, secondaryOf } from "../../support/regions";
import { EAST_WEST_ACCOUNT } from "./chart-objects";
import { MeshCluster } from "./cluster";
import { flaggerObjects } from "./flagger-objects";
import { type Host, peer } from "./hosts";
import { balance } from "./network-load-balancer";
import type { RunningPod } from "./pod";
import { Pods } from "./pods";
import { ServiceProgram } from "./service-program";
import { type Site, TOKYO } from "./site";

const VIRGINIA: Site = { stack: "dr-mesh", region: "us-east-1", zone: "us-east-1a", network: "10.1" };

/** Second half of the address of an internal load balancer's node, in a private subnet. */
const EAST_WEST_HOST = "128.20";

const PRIMARY = inTwoRegions("standby");

/** Pods of the api-gateway in each region: as many as it has at least. */
const REPLICAS = ["0", "1"];

/** A region of the mesh: a control plane, istiod, a replica of both gateways and pods of the api-gateway. */
export interface MeshOfRegion {
  readonly name: string;
  readonly cluster: MeshCluster;
  readonly pods: Pods;
  readonly gateway: RunningPod;
  readonly eastWestGateway: RunningPod;
  /** The internal load balancer before it. */
  readonly eastWest: Host;
  readonly apiGateways: readonly RunningPod[];
  /** The api-gateway's pods answer with 503 for as long as this file exists. */
  readonly sickFile: string;
  /** Starts pods of the api-gateway, of these names' ends. */
  readonly startApiGateways: (suffixes: readonly string[]) => Promise<readonly RunningPod[]>;
}

export interface Regions {
  readonly tokyo: MeshOfRegion;
  readonly virginia: MeshOfRegion;
  readonly environment: Environment;
  readonly stop: () => Promise<void>;
}

/** Starts the meshes of both regions, each with what the project synthesizes for it, and the link between their networks. */
export async function startRegions(folder: string): Promise<Regions> {
  mkdirSync(folder, { recursive: true });
  const secondary = secondaryOf(PRIMARY);
  const hosts = meshRegions(PRIMARY);
  if (hosts === undefined) {
    throw new Error("the environment has no second region");
  }
  const certificateAuthority = new CertificateAuthority(join(folder, "authority"));
  await certificateAuthority.start();
  const publicNames = {
    [hosts.own.gatewayHost]: `${TOKYO.network}.${EAST_WEST_HOST}`,
    [hosts.peer.gatewayHost]: `${VIRGINIA.network}.${EAST_WEST_HOST}`,
  };
  const clusters: MeshCluster[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(clusters.map((cluster) => cluster.stop()));
  };
  try {
    for (const [site, environment] of [[TOKYO, PRIMARY] as const, [VIRGINIA, secondary] as const]) {
      const outDir = join(folder, `${site.region}.out`);
      synthesizeMesh(outDir, site.stack, environment);
      const authority = await certificateAuthority.intermediateOf(site.region);
      const prefix = `${site.region.slice(0, 2)}${process.pid}`;
      clusters.push(new MeshCluster(join(folder, site.region), outDir, prefix, { ...site, publicNames, authority }));
    }
    const [near, far] = clusters as [MeshCluster, MeshCluster];
    for (const cluster of clusters) {
      await cluster.start();
    }
    await peer([near.network, blockOf(near)], [far.network, blockOf(far)]);
    const [tokyo, virginia] = await Promise.all([startRegion(near, blockOf(far)), startRegion(far, blockOf(near))]);
    return { tokyo, virginia, environment: PRIMARY, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function blockOf({ site }: MeshCluster): string {
  return `${site.network}.0.0/16`;
}

/** The mesh stack of a region. What other stacks would tell it is made up: nothing here reads it. */
function synthesizeMesh(outdir: string, id: string, environment: Environment): void {
  const app = new App({ outdir });
  new MeshStack(app, id, {
    environment,
    network: { vpcId: "vpc", publicSubnetIds: [], privateSubnetIds: ["subnet"], databaseSubnetIds: ["subnet"] },
    cluster: {
      name: environment.cluster.name,
      endpoint: "https://cluster.example",
      certificateAuthority: "",
      securityGroupId: "sg-cluster",
    },
    edge: { targetGroupArn: "arn:target-group", loadBalancerSecurityGroupId: "sg-load-balancer" },
    registry: { repositoryUrls: { "taskflow/api-gateway": "registry.example/taskflow/api-gateway" } },
  });
  app.synth();
}

async function startRegion(cluster: MeshCluster, clients: string): Promise<MeshOfRegion> {
  const { site } = cluster;
  const deployment = found(cluster, "Deployment");
  const objects = flaggerObjects(found(cluster, "Canary"), deployment, 0);
  for (const object of [...objects, EAST_WEST_ACCOUNT]) {
    await cluster.apply(object);
  }
  const pods = new Pods(cluster);
  const sickFile = join(cluster.folder, "sick");
  const [primary = deployment] = objects;
  const startApiGateways = (suffixes: readonly string[]): Promise<readonly RunningPod[]> =>
    Promise.all(
      suffixes.map((suffix) =>
        pods.startService(
          primary,
          suffix,
          (host, folder) => new ServiceProgram({ folder, host, name: site.region, sickFile }),
        ),
      ),
    );
  const eastWest = await cluster.network.add("east-west", cluster.address(EAST_WEST_HOST));
  const [gateway, eastWestGateway, apiGateways] = await Promise.all([
    pods.startGateway("0"),
    pods.startEastWestGateway("0"),
    startApiGateways(REPLICAS),
  ]);
  await balance(eastWest, PORTS.eastWest, [eastWestGateway.host], clients);
  return {
    name: site.region,
    cluster,
    pods,
    gateway,
    eastWestGateway,
    eastWest,
    apiGateways,
    sickFile,
    startApiGateways,
  };
}

/** What the stack has of a kind for the api-gateway. */
function found({ manifests, site }: MeshCluster, kind: string): KubernetesObject {
  const manifest = manifests.find(
    ({ stack, object }) =>
      stack === site.stack &&
      object.kind === kind &&
      object.metadata.name === "api-gateway" &&
      object.metadata.namespace === NAMESPACES.sharedServices,
  );
  if (manifest === undefined) {
    throw new Error(`${site.stack} has no ${kind} api-gateway`);
  }
  return manifest.object;
}

/** The root and its intermediates, made by the operators' own script, which puts them into a Secrets Manager of the test's. */
class CertificateAuthority {
  public constructor(private readonly folder: string) {}

  /** Makes the root. */
  public async start(): Promise<void> {
    mkdirSync(join(this.folder, "bin"), { recursive: true });
    writeFileSync(join(this.folder, "passphrase"), "of the test alone\n", { mode: 0o600 });
    // The AWS CLI, as far as the script calls it.
    const aws = '#!/bin/sh\nfor last in "$@"; do :; done\ncp "${last#file://}" "$SECRETS_MANAGER/$4.json"\n';
    writeFileSync(join(this.folder, "bin/aws"), aws, { mode: 0o755 });
    await this.script("root", join(this.folder, "root"));
  }

  /** Folder with the files that the region's Secret `cacerts` has. */
  public async intermediateOf(region: string): Promise<string> {
    const made = join(this.folder, region);
    await this.script("intermediate", join(this.folder, "root"), region, made);
    await this.script("put", region, made);
    const files = JSON.parse(readFileSync(join(this.folder, `${region}.json`), "utf8")) as Record<string, string>;
    const mounted = join(this.folder, `${region}-cacerts`);
    mkdirSync(mounted);
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(mounted, name), text);
    }
    return mounted;
  }

  private async script(...args: readonly string[]): Promise<void> {
    const env = {
      ...process.env,
      PATH: `${join(this.folder, "bin")}:${process.env["PATH"] ?? ""}`,
      MESH_CA_PASSPHRASE_FILE: join(this.folder, "passphrase"),
      SECRETS_MANAGER: this.folder,
    };
    await promisify(execFile)(join(__dirname, "../../../tools/bin/mesh-ca"), [...args], { env });
  }
}
