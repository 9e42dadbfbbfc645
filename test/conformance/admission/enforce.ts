import type { ExportedManifest, KubernetesObject } from "../../../tools/manifests/object";
import { LABELS_OF_A_TENANT, NAMESPACE, namespace, OTHER } from "./case";
import { ADMISSION_CASES } from "./cases";
import { establish } from "../establish";
import { isAccepted, type KubernetesClient, reasonOf } from "../kubernetes-client";

const POLICY = "ValidatingAdmissionPolicy";

/** The synthesized policies. */
export function policiesOf(manifests: readonly ExportedManifest[]): readonly KubernetesObject[] {
  return manifests.map(({ object }) => object).filter(({ kind }) => kind === POLICY);
}

/** Puts the synthesized policies in force, and returns when the API server judges by each of them. */
export async function enforceAdmission(
  client: KubernetesClient,
  manifests: readonly ExportedManifest[],
): Promise<void> {
  for (const manifest of manifests.filter(({ object }) => object.kind.startsWith(POLICY))) {
    await establish(client, manifest);
  }
  for (const object of [namespace(NAMESPACE, LABELS_OF_A_TENANT), namespace(OTHER, {})]) {
    const answer = await client.apply(object);
    if (!isAccepted(answer)) {
      throw new Error(`namespace ${object.metadata.name ?? ""}: ${reasonOf(answer)}`);
    }
  }
  for (const { policy, refused } of ADMISSION_CASES) {
    await client.waitFor(`the policy ${policy} to judge`, async () => {
      const answers = await Promise.all(refused.map(({ object }) => client.askToCreate(object)));
      return answers.every((answer) => answer.status === 403);
    });
  }
}
