import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, report, writeWhole } from "../engines/cache";
import { goBuild, goModule, requiredVersion, type GoModule } from "../engines/go";

/** The server, and the tool that checks its rules and writes its blocks. */
const PROGRAMS = ["prometheus", "promtool"] as const;

const PACKAGE = "github.com/prometheus/prometheus";

function locate(name: (typeof PROGRAMS)[number], module: GoModule = goModule("prometheus")): string {
  return join(cacheFolder("prometheus", requiredVersion(module, PACKAGE)), name);
}

/** Version of both. */
export const prometheusVersion = (): string => requiredVersion(goModule("prometheus"), PACKAGE);

/** Path of the server, once ensurePrometheus has settled. */
export function prometheusPath(): string {
  return locate("prometheus");
}

/** Path of promtool, once ensurePrometheus has settled. */
export function promtoolPath(): string {
  return locate("promtool");
}

/** Builds what the cache lacks of the two; without service discovery of clouds, which is most of their size. */
export async function ensurePrometheus(): Promise<void> {
  const module = goModule("prometheus");
  for (const name of PROGRAMS) {
    const path = locate(name, module);
    if (existsSync(path)) {
      continue;
    }
    report(`building ${name} ${requiredVersion(module, PACKAGE)}, once for this cache (2 to 5 minutes on two cores)`);
    const command = `${PACKAGE}/cmd/${name}`;
    const build = { module, command, ldflags: "-s -w", tags: "remove_all_sd" };
    await writeWhole(path, (temporary) => goBuild(build, temporary));
  }
}
