import type { Json } from "../../../tools/manifests/json";
import { run } from "../mesh/hosts";
import type { RunningPod } from "../mesh/pod";
import { listAt, objectAt } from "../json";
import { type Memory, memoryOf } from "./memory";

/** How large a proxy's configuration is, and what it takes. */
export interface ProxyFigures extends Memory {
  readonly clusters: number;
  readonly listeners: number;
  readonly virtualHosts: number;
  readonly routes: number;
}

const ADMIN = "http://127.0.0.1:15000";

/** Measures a proxy: pilot-agent and Envoy together, which share a container. */
export async function measureProxy(pod: RunningPod): Promise<ProxyFigures> {
  const hosts = await virtualHostsOf(pod);
  return {
    ...(await memoryOf(pod.host, ["pilot-agent", "envoy"])),
    clusters: await gauge(pod, "cluster_manager.active_clusters"),
    listeners: await gauge(pod, "listener_manager.total_listeners_active"),
    virtualHosts: hosts.length,
    routes: hosts.map((host) => listAt(host, "routes").length).reduce((sum, count) => sum + count, 0),
  };
}

async function virtualHostsOf(pod: RunningPod): Promise<readonly Json[]> {
  const dump = JSON.parse(await admin(pod, "/config_dump?resource=dynamic_route_configs")) as Json;
  return listAt(dump, "configs").flatMap((config) => listAt(objectAt(config, "route_config"), "virtual_hosts"));
}

async function gauge(pod: RunningPod, name: string): Promise<number> {
  const text = await admin(pod, `/stats?filter=^${name}$`);
  return Number(text.split(": ")[1]);
}

async function admin(pod: RunningPod, path: string): Promise<string> {
  return (await run(pod.host, ["curl", "-s", "-m", "20", `${ADMIN}${path}`])).stdout;
}
