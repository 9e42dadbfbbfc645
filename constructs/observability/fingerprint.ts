import { createHash } from "node:crypto";

/** Label of a pod that bears its configuration's fingerprint, so that the pod restarts when the configuration changes. */
export const CONFIG_LABEL = "taskflow.io/config";

/** Twelve hexadecimal digits, a valid value of a label: the same for the same content. */
export function fingerprint(config: object): string {
  return createHash("sha256").update(JSON.stringify(config)).digest("hex").slice(0, 12);
}
