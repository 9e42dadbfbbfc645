import { spawn } from "node:child_process";

import { InputError } from "../../config";

export interface SynthProps {
  /** Where main.ts stands. */
  readonly project: string;
  readonly outdir: string;
  readonly environment: string;
  /** Absolute path of the tenants file. */
  readonly tenants: string;
  /** What is synthesized, for messages. */
  readonly what: string;
}

/**
 * Synthesizes a project in a process of its own, as `npm run synth` does.
 *
 * @throws InputError with what the app says, if it does not synthesize
 */
export async function synthesize({ project, outdir, environment, tenants, what }: SynthProps): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: project,
    env: { ...process.env, CDKTF_OUTDIR: outdir, TASKFLOW_ENV: environment, TASKFLOW_TENANTS: tenants },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  if (code !== 0) {
    throw new InputError(`${what} does not synthesize\n${errors.trimEnd()}`);
  }
}
