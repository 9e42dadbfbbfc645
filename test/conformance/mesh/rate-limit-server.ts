import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isObject, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { objectsIn } from "../json";
import { rateLimitEnvironment } from "./departures";
import { HostEngine } from "./host-engine";
import { type Host, run } from "./hosts";
import type { Redis } from "./redis";
import { SERVICE_ACCOUNT_ID } from "./service-program";

export interface RateLimitServerProps {
  readonly folder: string;
  readonly host: Host;
  /** The program, where the account of the pod's containers can read it. */
  readonly program: string;
  /** The synthesized Deployment. */
  readonly deployment: KubernetesObject;
  /** The synthesized ConfigMap that its volume names. */
  readonly rules: KubernetesObject;
  readonly store: Redis;
}

/** The global rate limit service, set up as its Deployment and ConfigMap say. */
export class RateLimitServer extends HostEngine {
  protected override readonly account = SERVICE_ACCOUNT_ID;
  private readonly container: JsonObject;

  public constructor(private readonly props: RateLimitServerProps) {
    super("ratelimit", props.folder, props.host);
    this.container = containerOf(props.deployment);
  }

  protected command(): Promise<readonly string[]> {
    const { folder, program, rules, store } = this.props;
    const [mount] = objectsIn(this.container["volumeMounts"]);
    const data = isObject(rules["data"]) ? rules["data"] : {};
    for (const [name, text] of Object.entries(data)) {
      const path = join(folder, String(mount?.["mountPath"]), name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, String(text));
    }
    const synthesized = objectsIn(this.container["env"]).map(
      ({ name, value }) => [String(name), String(value)] as const,
    );
    const environment = rateLimitEnvironment(Object.fromEntries(synthesized), folder, store);
    return Promise.resolve([
      "env",
      "-i",
      ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      program,
    ]);
  }

  /** What the kubelet asks by the synthesized readiness probe. */
  protected async isReady(): Promise<boolean> {
    const probe = isObject(this.container["readinessProbe"]) ? this.container["readinessProbe"] : {};
    const { path, port } = isObject(probe["httpGet"]) ? probe["httpGet"] : ({} as JsonObject);
    const url = `http://127.0.0.1:${String(port)}${String(path)}`;
    return (await run(this.host, ["curl", "-sf", "-o", "/dev/null", "-m", "2", url])).code === 0;
  }
}

/** The one container of a Deployment's pods. */
function containerOf(deployment: KubernetesObject): JsonObject {
  const spec = isObject(deployment["spec"]) ? deployment["spec"] : {};
  const template = isObject(spec["template"]) ? spec["template"] : {};
  const pod = isObject(template["spec"]) ? template["spec"] : {};
  const [container, ...others] = objectsIn(pod["containers"]);
  if (container === undefined || others.length > 0) {
    throw new Error(`Deployment ${deployment.metadata.name ?? ""} has not one container`);
  }
  return container;
}
