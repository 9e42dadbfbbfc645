import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The next hop of every host, on its own link; an address of no network (RFC 3927), as the VPC CNI has it. */
const NEXT_HOP = "169.254.1.1";

/** What a program in a host printed, and what it ended with. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** A network namespace with one address: a pod, or something outside of the cluster. */
export interface Host {
  /** Name of the network namespace. */
  readonly namespace: string;
  readonly address: string;
}

/** A port of a Service and the pods behind it. */
export interface ServicePort {
  readonly address: string;
  readonly port: number;
  /** `address:port` of pods. */
  readonly targets: readonly string[];
}

/** A program with its arguments as it is started inside a host, as an account of one's choice. */
export function inside(host: Pick<Host, "namespace">, args: readonly string[], account?: number): readonly string[] {
  const identity =
    account === undefined ? [] : ["setpriv", `--reuid=${account}`, `--regid=${account}`, "--clear-groups", "--"];
  return ["netns", "exec", host.namespace, ...identity, ...args];
}

/** Runs a program inside a host to its end, whatever that is. */
export async function run(host: Pick<Host, "namespace">, args: readonly string[], account?: number): Promise<Output> {
  try {
    const { stdout, stderr } = await execute("ip", inside(host, args, account), { maxBuffer: 64 * 1024 * 1024 });
    return { stdout, stderr, code: 0 };
  } catch (error) {
    const { stdout = "", stderr = "", code } = error as { stdout?: string; stderr?: string; code?: unknown };
    return { stdout, stderr, code: typeof code === "number" ? code : 1 };
  }
}

/**
 * A node and its hosts, each a network namespace of its own behind a virtual link. The node routes between them, so that
 * every packet passes its FORWARD chain, where NetworkPolicies are enforced: two pods of one node are no more neighbours
 * than with the VPC CNI. Nothing of the machine's own network is touched.
 */
export class HostNetwork {
  /** The node's own network namespace. */
  public readonly node: Host;
  private watchdog: ChildProcess | undefined;

  /**
   * @param prefix - begins the names of all namespaces of this network; at most 8 characters
   * @param nodeAddress - the node's own
   */
  public constructor(
    private readonly prefix: string,
    nodeAddress: string,
  ) {
    this.node = { namespace: `${prefix}-node`, address: nodeAddress };
  }

  /** Makes the node. */
  public async start(): Promise<void> {
    await this.removeAll();
    this.watchdog = watch(this.prefix);
    const { namespace } = this.node;
    await ip("netns", "add", namespace);
    await ip("-n", namespace, "link", "set", "lo", "up");
    await ip("-n", namespace, "address", "add", `${this.node.address}/32`, "dev", "lo");
    await run(this.node, ["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
  }

  /** Adds a host. `names` go into its /etc/hosts beside `localhost`. */
  public async add(name: string, address: string, names: Readonly<Record<string, string>> = {}): Promise<Host> {
    const host: Host = { namespace: `${this.prefix}-${name}`, address };
    const { namespace } = host;
    // Names of links are 15 characters at most, and an address is unique in them.
    const link = `v${address.split(".").slice(1).join("-")}`;
    const node = this.node.namespace;
    mkdirSync(configurationOf(namespace), { recursive: true });
    const lines = Object.entries({ localhost: "127.0.0.1", ...names }).map(([key, value]) => `${value} ${key}\n`);
    writeFileSync(join(configurationOf(namespace), "hosts"), lines.join(""));
    await ip("netns", "add", namespace);
    await ip("-n", node, "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", namespace);
    await ip("-n", namespace, "link", "set", "lo", "up");
    await ip("-n", namespace, "address", "add", `${address}/32`, "dev", "eth0");
    await ip("-n", namespace, "link", "set", "eth0", "up");
    await ip("-n", namespace, "route", "add", NEXT_HOP, "dev", "eth0", "scope", "link");
    await ip("-n", namespace, "route", "add", "default", "via", NEXT_HOP, "dev", "eth0");
    await ip("-n", node, "link", "set", link, "up");
    await ip("-n", node, "address", "add", `${NEXT_HOP}/32`, "dev", link);
    await ip("-n", node, "route", "add", `${address}/32`, "dev", link, "src", this.node.address);
    return host;
  }

  /** Ends a host with its link. What runs inside must have ended. */
  public async remove(host: Host): Promise<void> {
    await ip("netns", "delete", host.namespace);
    rmSync(configurationOf(host.namespace), { recursive: true, force: true });
  }

  /** Lets Services' addresses lead to pods, and no others, as kube-proxy does on the node. */
  public async setServices(services: readonly ServicePort[]): Promise<void> {
    const lines = ["*nat", ":PREROUTING ACCEPT [0:0]", ...services.flatMap(destinations), "COMMIT", ""];
    const restore = execute("ip", inside(this.node, ["iptables-restore", "--wait", "--table", "nat"]));
    restore.child.stdin?.end(lines.join("\n"));
    await restore;
  }

  /** Ends every host of the network, those of an earlier run that was killed included. */
  public async removeAll(): Promise<void> {
    const { stdout } = await execute("ip", ["netns", "list"]);
    const names = stdout.split("\n").map((line) => line.split(" ")[0] ?? "");
    for (const namespace of names.filter((name) => name.startsWith(`${this.prefix}-`))) {
      await this.remove({ namespace, address: "" });
    }
    this.watchdog?.kill("SIGKILL");
  }
}

/**
 * Takes the namespaces away once its standard input ends, which happens when this process ends, however it does. The engines
 * inside have watchdogs of their own; a namespace goes when its last program has.
 */
function watch(prefix: string): ChildProcess {
  const script =
    'read -r _; ip netns list | cut -d" " -f1 | grep "^$1-" | xargs -r -n1 ip netns delete; rm -rf "/etc/netns/$1-"*';
  return spawn("sh", ["-c", script, "watchdog", prefix], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
}

/** Ends of the link between two networks, on a range that neither has. */
const PEERING = ["169.254.2.1", "169.254.2.2"] as const;

/**
 * Links two networks, as a VPC peering with its routes does.
 *
 * @param sides - each with the block of addresses that is its own
 */
export async function peer(
  ...sides: readonly [near: readonly [HostNetwork, string], far: readonly [HostNetwork, string]]
): Promise<void> {
  const [near, far] = sides.map(([{ node }]) => node.namespace) as [string, string];
  await ip("-n", near, "link", "add", "peering", "type", "veth", "peer", "name", "peering", "netns", far);
  for (const [index, [{ node }]] of sides.entries()) {
    const [, block] = sides[1 - index] ?? sides[0];
    const nextHop = PEERING[1 - index] ?? PEERING[0];
    await ip("-n", node.namespace, "address", "add", `${PEERING[index] ?? PEERING[0]}/30`, "dev", "peering");
    await ip("-n", node.namespace, "link", "set", "peering", "up");
    await ip("-n", node.namespace, "route", "add", block, "via", nextHop, "src", node.address);
  }
}

async function ip(...args: readonly string[]): Promise<void> {
  await execute("ip", args);
}

/** Files here stand for those of /etc to programs that `ip netns exec` starts. */
export function configurationOf(namespace: string): string {
  return join("/etc/netns", namespace);
}

/** Rules that take one of the pods for each connection, in turn. */
function destinations({ address, port, targets }: ServicePort): readonly string[] {
  return targets.map((target, index) => {
    const every = targets.length - index;
    const turn = every === 1 ? "" : ` -m statistic --mode nth --every ${every} --packet 0`;
    return `-A PREROUTING -d ${address}/32 -p tcp --dport ${port}${turn} -j DNAT --to-destination ${target}`;
  });
}
