import { parseArgs } from "node:util";
import { exportManifests, type ExportOptions } from "./export";
import type { AppliedValues } from "./expressions";
import { folderOf, writeFolder, yamlOf } from "./folder";
import { compareText } from "./json";
import type { ExportedManifest } from "./object";
import { ManifestsError, NoSecondRegionError, readJson, type Region } from "./output";

const USAGE = `Usage: npm run manifests -- [--tenant <id>] [--stack <name>] [--secondary] [--values <file>] [--out <folder>]
       npm run manifests -- --write <folder> --values <file> [--secondary] [--out <folder>]

Prints the Kubernetes objects that the synthesized Terraform JSON will create, as YAML, or writes them as a folder for
Argo CD or Flux (docs/gitops.md).

  --tenant <id>     only the objects of this tenant
  --stack <name>    only the objects of this stack
  --write <folder>  write platform/<stack> and tenants/<id> there, in place of what stands there
  --secondary       the second region's objects, those of another cluster, instead of the primary's
  --values <file>   what exists only after an apply: {"<stack>": {"<type>.<name>": {"<attribute>": …}}}
  --out <folder>    where "npm run synth" wrote its output (default: cdktf.out)
`;

/** Where the command's words go, and what it exits with. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: 0 | 1 | 2;
}

interface Arguments {
  readonly out: string;
  readonly tenant?: string;
  readonly stack?: string;
  readonly secondary: boolean;
  readonly values?: string;
  readonly write?: string;
  readonly help: boolean;
}

function render({ stack, address, object }: ExportedManifest): string {
  return `---\n# ${stack}: ${address}\n${yamlOf(object)}`;
}

/** Writes the folder and says what is in it. */
function write(folder: string, out: string, region: Region, values: AppliedValues): string {
  const manifests = exportManifests(out, { region, values });
  const files = folderOf(manifests);
  writeFolder(folder, files);
  const folders = (root: string): string => {
    const pattern = new RegExp(`^${root}/([^/]+)/kustomization\\.yaml$`);
    const names = [...files.keys()].flatMap((path) => pattern.exec(path)?.[1] ?? []);
    return `  ${root}: ${names.sort(compareText).join(", ")}\n`;
  };
  return `${manifests.length} objects written to ${folder}\n${folders("platform")}${folders("tenants")}`;
}

function parse(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: "string", default: "cdktf.out" },
      tenant: { type: "string" },
      stack: { type: "string" },
      secondary: { type: "boolean", default: false },
      values: { type: "string" },
      write: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.write !== undefined && (values.tenant ?? values.stack) !== undefined) {
    throw new Error("--write takes every object: neither --tenant nor --stack goes with it");
  }
  return values;
}

/** Runs the command without touching the process, so that it can be tested. */
export function run(args: readonly string[]): CommandResult {
  let parsed: Arguments;
  try {
    parsed = parse(args);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { stdout: "", stderr: `${reason}\n\n${USAGE}`, exitCode: 2 };
  }
  if (parsed.help) {
    return { stdout: USAGE, stderr: "", exitCode: 0 };
  }
  const { out, tenant, stack } = parsed;
  const region = parsed.secondary ? "secondary" : "primary";
  try {
    const values = parsed.values === undefined ? undefined : readJson(parsed.values);
    if (parsed.write !== undefined) {
      return { stdout: write(parsed.write, out, region, values ?? {}), stderr: "", exitCode: 0 };
    }
    const options: ExportOptions = {
      region,
      ...(tenant === undefined ? {} : { tenant }),
      ...(stack === undefined ? {} : { stack }),
      ...(values === undefined ? {} : { values }),
    };
    return { stdout: exportManifests(out, options).map(render).join(""), stderr: "", exitCode: 0 };
  } catch (error) {
    if (error instanceof ManifestsError) {
      return { stdout: "", stderr: `${error.message}\n`, exitCode: error instanceof NoSecondRegionError ? 2 : 1 };
    }
    throw error;
  }
}

if (require.main === module) {
  const { stdout, stderr, exitCode } = run(process.argv.slice(2));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = exitCode;
}
