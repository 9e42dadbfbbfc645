import { isObject } from "../../tools/manifests/json";
import type { ExportedManifest, KubernetesObject } from "../../tools/manifests/object";
import { isAccepted, reasonOf, type KubernetesClient } from "./kubernetes-client";
import { nameOf } from "./subjects";

/**
 * Creates the namespaces that objects live in and no object of ours makes: Helm and the cluster itself make some.
 */
export async function createMissingNamespaces(
  client: KubernetesClient,
  manifests: readonly ExportedManifest[],
): Promise<void> {
  const own = new Set(
    manifests.filter(({ object }) => object.kind === "Namespace").map(({ object }) => object.metadata.name),
  );
  const used = new Set(manifests.map(({ object }) => object.metadata.namespace).filter((name) => name !== undefined));
  for (const name of [...used].filter((candidate) => !own.has(candidate))) {
    const answer = await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    if (!isAccepted(answer) && answer.status !== 409) {
      throw new Error(`namespace ${name}: ${reasonOf(answer)}`);
    }
  }
}

/**
 * Has the API server take one object; an error says where it comes from and why it was refused. A warning counts as a
 * refusal: it is how the API server says that a Deployment's pods will not pass Pod Security.
 */
export async function establish(client: KubernetesClient, { stack, address, object }: ExportedManifest): Promise<void> {
  const answer = await client.apply(object);
  const origin = `${nameOf(object)}\n  from ${stack}: ${address}\n  `;
  if (!isAccepted(answer)) {
    throw new Error(`${origin}refused: ${reasonOf(answer)}`);
  }
  if (answer.warnings.length > 0) {
    throw new Error(`${origin}accepted with a warning: ${answer.warnings.join("; ")}`);
  }
  if (object.kind === "ResourceQuota") {
    await quotaIsCounted(client, object);
  }
}

/** Until the controller has counted, a quota refuses every object that it limits; Terraform's provider waits for it too. */
async function quotaIsCounted(client: KubernetesClient, quota: KubernetesObject): Promise<void> {
  await client.waitFor(`the status of ${nameOf(quota)}`, async () => {
    const { status, spec } = (await client.read(quota)).body;
    const wanted = isObject(spec) && isObject(spec["hard"]) ? Object.keys(spec["hard"]) : [];
    const counted = isObject(status) && isObject(status["used"]) ? status["used"] : {};
    return wanted.every((resource) => counted[resource] !== undefined);
  });
}
