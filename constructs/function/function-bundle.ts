import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { buildSync } from "esbuild";

import { zip } from "./zip";

/** Repository root; esbuild names sources relative to it, so that no path of a machine gets into the output. */
const ROOT = join(__dirname, "../..");

/** Module and export that Lambda calls. */
export const HANDLER = "index.handler";

/** Where bundles are kept, below the root: outside of what people look at, and by content, so that none is ever stale. */
const CACHE = "node_modules/.cache/taskflow";

/** The function's code as Lambda takes it. */
export interface FunctionBundle {
  /** The archive's file, absolute; the stack's own copy is what Terraform is told of. */
  readonly file: string;
  /** SHA-256 of the archive, in hexadecimal. */
  readonly hash: string;
  /** The same in Base64, as Lambda and Terraform's `source_code_hash` write it. */
  readonly sourceCodeHash: string;
}

const bundles = new Map<string, FunctionBundle>();

/**
 * A function of `functions/`, bundled on its first call of a process. Same sources and dependencies, same bytes: the
 * function changes in a plan only when its code does.
 *
 * @param name - folder of the function, with its handler in `src/handler.ts`
 * @throws Error with esbuild's messages, if the source does not build
 */
export function functionBundle(name: string): FunctionBundle {
  const bundle = bundles.get(name) ?? store(name, bundleArchive(ROOT, `functions/${name}/src/handler.ts`));
  bundles.set(name, bundle);
  return bundle;
}

/**
 * One CommonJS file with everything that the entry point imports, the AWS SDK included, as an archive: the runtime's own
 * SDK changes without a deployment. A `.sql` file is imported as its text.
 *
 * @param root - absolute path that the sources are named from
 * @param entryPoint - the handler's module, below `root`
 * @throws Error with esbuild's messages, if the source does not build
 */
export function bundleArchive(root: string, entryPoint: string): Buffer {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outfile: "index.js",
    write: false,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minify: true,
    legalComments: "none",
    loader: { ".sql": "text" },
    // Its main file is UMD, which no bundler sees through.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    // Errors are thrown with their messages; printing them as well would say them twice.
    logLevel: "silent",
  });
  return zip(outputFiles.map(({ contents }) => ({ name: "index.js", content: contents })));
}

/** Written beside its place and moved: another process that synthesizes at the same time never sees half a file. */
function store(name: string, archive: Buffer): FunctionBundle {
  const digest = createHash("sha256").update(archive).digest();
  const hash = digest.toString("hex");
  const folder = join(ROOT, CACHE, hash);
  const file = join(folder, `${name}.zip`);
  const unfinished = join(folder, randomUUID());
  mkdirSync(folder, { recursive: true });
  writeFileSync(unfinished, archive);
  renameSync(unfinished, file);
  return { file, hash, sourceCodeHash: digest.toString("base64") };
}
