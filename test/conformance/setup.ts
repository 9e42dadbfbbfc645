import { join } from "node:path";
import { exportManifests } from "../../tools/manifests/export";
import { ADMISSION_OBJECTS } from "./admission/cases";
import { CONTROL_PLANE, ensureBinaries } from "./engines/binaries";
import { report } from "./engines/cache";
import { ControlPlane } from "./engines/control-plane";
import { crdsFor, ensureCrds } from "./engines/crds";
import { KubernetesClient } from "./kubernetes-client";
import { SOUND } from "./mistakes";
import { Run } from "./run";
import { synthesize } from "./synthesize";

declare global {
  /** The running engines, from set-up to tear-down: Jest runs both in one realm. */
  var conformanceControlPlane: ControlPlane | undefined;
}

/** Makes sure of the engines, then synthesizes the project while an API server comes up. */
export default async function setup(): Promise<void> {
  const run = Run.create();
  const controlPlane = new ControlPlane(run.controlPlaneFolder);
  const synthesis = new AbortController();
  const started = Date.now();
  let beginnings: readonly Promise<unknown>[] = [];
  try {
    await ensureBinaries(CONTROL_PLANE);
    await ensureCrds();
    const synthesized = synthesize(join(run.folder, "cdktf.out"), synthesis.signal);
    beginnings = [synthesized, controlPlane.start()];
    await Promise.all(beginnings);
    const outDir = await synthesized;
    const objects = exportManifests(outDir).map(({ object }) => object);
    await new KubernetesClient(controlPlane.connection).installCrds(
      crdsFor([...objects, ...SOUND, ...ADMISSION_OBJECTS]),
    );
    run.outDir = outDir;
    run.connection = controlPlane.connection;
    globalThis.conformanceControlPlane = controlPlane;
    report(`API server with CRDs and synthesized project ready after ${Math.round((Date.now() - started) / 1000)} s`);
  } catch (error) {
    // Where one has failed the other still runs, and would go on behind our back.
    synthesis.abort();
    await Promise.allSettled(beginnings);
    await controlPlane.stop();
    run.markFailed();
    report(`set-up failed; logs: ${run.close() ?? "none"}`);
    throw error;
  }
}
