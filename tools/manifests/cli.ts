import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { exportManifests, type ExportOptions } from "./export";
import type { ExportedManifest } from "./object";
import { ManifestsError } from "./output";

const USAGE = `Usage: npm run manifests -- [--tenant <id>] [--stack <name>] [--out <folder>]

Prints the Kubernetes objects that the synthesized Terraform JSON will create, as YAML.

  --tenant <id>    only the objects of this tenant
  --stack <name>   only the objects of this stack
  --out <folder>   where "npm run synth" wrote its output (default: cdktf.out)
`;

/** Where the command's words go, and what it exits with. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: 0 | 1 | 2;
}

function render({ stack, address, object }: ExportedManifest): string {
  return `---\n# ${stack}: ${address}\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/** Runs the command without touching the process, so that it can be tested. */
export function run(args: readonly string[]): CommandResult {
  let values: { out: string; tenant?: string; stack?: string; help: boolean };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        out: { type: "string", default: "cdktf.out" },
        tenant: { type: "string" },
        stack: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { stdout: "", stderr: `${reason}\n\n${USAGE}`, exitCode: 2 };
  }
  if (values.help) {
    return { stdout: USAGE, stderr: "", exitCode: 0 };
  }
  const { out, tenant, stack } = values;
  const options: ExportOptions = {
    ...(tenant === undefined ? {} : { tenant }),
    ...(stack === undefined ? {} : { stack }),
  };
  try {
    return { stdout: exportManifests(out, options).map(render).join(""), stderr: "", exitCode: 0 };
  } catch (error) {
    if (error instanceof ManifestsError) {
      return { stdout: "", stderr: `${error.message}\n`, exitCode: 1 };
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
