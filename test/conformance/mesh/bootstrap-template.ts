import { existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, writeWhole } from "../engines/cache";
import { CRD_SOURCES } from "../engines/crds";
import { goDownload } from "../engines/go";

const { module: istio, version, sum } = CRD_SOURCES.istio;

/** Template from which the agent writes Envoy's bootstrap configuration; Istio's image has it, and so has its source. */
export function bootstrapTemplatePath(): string {
  return join(cacheFolder("istio-bootstrap", version), "envoy_bootstrap.json");
}

/** Fetches the template where the cache lacks it. */
export async function ensureBootstrapTemplate(): Promise<void> {
  const path = bootstrapTemplatePath();
  if (existsSync(path)) {
    return;
  }
  const source = await goDownload(istio, version, sum);
  await writeWhole(path, (temporary) =>
    copyFile(join(source, "tools/packaging/common/envoy_bootstrap.json"), temporary),
  );
}
