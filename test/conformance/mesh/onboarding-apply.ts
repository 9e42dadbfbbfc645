import type { KubernetesObject } from "../../../tools/manifests/object";
import { nameOf } from "../subjects";
import type { MeshCluster } from "./cluster";
import { establish } from "../establish";

/** Has the API server take objects, one after the other. */
export async function applyAll(cluster: MeshCluster, objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) {
    await establish(cluster.client, { stack: "the difference", address: nameOf(object), object });
  }
}

/** Deletes objects and waits until none is left; a namespace goes when all in it has. */
export async function deleteAll(cluster: MeshCluster, objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) {
    await cluster.client.delete(object);
  }
  for (const object of objects) {
    await cluster.client.waitFor(`${nameOf(object)} to be gone`, async () => {
      return (await cluster.client.read(object)).status === 404;
    });
  }
}
