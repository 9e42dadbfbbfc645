import { dirname } from "node:path";

import { ENVIRONMENTS, type Environment } from "../../../config";
import type { TenantRow } from "../../../tenancy";
import { fleetOf } from "../../../tools/isolation/fleet";
import { type Judgement, judgeFleet } from "../../../tools/isolation/judgement";
import { Terraform } from "../../../tools/isolation/terraform";
import { exportStacks } from "../../../tools/manifests/export";
import type { JsonObject } from "../../../tools/manifests/json";
import type { ExportedManifest, KubernetesObject } from "../../../tools/manifests/object";
import { type Region, regionOf, type SynthesizedStack } from "../../../tools/manifests/output";
import { synthPlatform } from "../../support/platform";

/** A tenant of each tier, one of them with a canary, one with a service under Flagger, and one that is suspended. */
export const ROWS: readonly TenantRow[] = [
  { id: "acme", name: "Acme", tier: "enterprise", canary: { release: "1.1.0" } },
  { id: "bravo", name: "Bravo", tier: "standard", canary: { flagger: ["task-service"] } },
  { id: "coda", name: "Coda", tier: "starter" },
  { id: "delta", name: "Delta", tier: "starter", state: "suspended" },
];

/** A synthesized app in memory, of which a part can be changed before it is judged. */
export class TestFleet {
  public readonly manifests: readonly ExportedManifest[];
  private readonly stacks: readonly SynthesizedStack[];
  private readonly terraform: Terraform;

  /** @param region - the one that is judged */
  constructor(
    rows: readonly TenantRow[],
    environment: Environment = ENVIRONMENTS.production,
    private readonly region: Region = "primary",
  ) {
    this.stacks = [...synthPlatform(rows, environment)]
      .filter(([path]) => path.endsWith("cdk.tf.json"))
      .map(([path, text]) => ({
        name: dirname(path).replace("stacks/", ""),
        document: JSON.parse(text) as JsonObject,
      }));
    this.terraform = new Terraform(this.stacks, region);
    this.manifests = exportStacks(this.stacks, { region });
  }

  public judge(): Judgement {
    return judgeFleet(fleetOf(this.terraform, this.manifests));
  }

  /** Judges with one object changed, or removed where the change gives nothing. */
  public judgeChanged(changed: ExportedManifest, object: KubernetesObject | undefined): Judgement {
    const manifests = this.manifests.flatMap((manifest) =>
      manifest !== changed ? [manifest] : object === undefined ? [] : [{ ...manifest, object }],
    );
    return judgeFleet(fleetOf(this.terraform, manifests));
  }

  /**
   * Judges with one Terraform resource changed, or removed where the change gives nothing.
   *
   * @param where - region of the resource. @default - the one that is judged
   */
  public judgeResource(
    type: string,
    part: string,
    change: (body: JsonObject) => JsonObject | undefined,
    where: Region = this.region,
  ): Judgement {
    let found = 0;
    const stacks = this.stacks.map(({ name, document }) => {
      const resources = (document["resource"] ?? {}) as Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
      const entries = Object.entries(resources[type] ?? {}).flatMap(([id, body]) => {
        if (!id.includes(part) || regionOf(name) !== where) {
          return [[id, body] as const];
        }
        found += 1;
        const changed = change(body);
        return changed === undefined ? [] : [[id, changed] as const];
      });
      return { name, document: { ...document, resource: { ...resources, [type]: Object.fromEntries(entries) } } };
    });
    if (found !== 1) {
      throw new Error(`expected one ${type} of ${part}, found ${found}`);
    }
    return judgeFleet(fleetOf(new Terraform(stacks, this.region), this.manifests));
  }
}

/** What a judgement finds, without the tenants. */
export function messages({ findings }: Judgement): readonly string[] {
  return [...new Set(findings.map(({ message }) => message))];
}
