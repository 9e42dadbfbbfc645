import { InputError } from "../../config";
import { readFleet } from "../isolation/fleet";
import { judgeFleet } from "../isolation/judgement";
import { PAIR_LAYERS } from "../isolation/tenant-pairs";
import { ManifestsError } from "../manifests/output";
import type { IsolationMatrix } from "./isolation-matrix";

/**
 * The judgement of `taskflow isolation` over a synthesized app, as a picture needs it.
 *
 * @param step - told what is being done
 * @throws InputError if an object of the output is one that the API server would refuse
 */
export function judgeIsolation(outDir: string, step: (message: string) => void): IsolationMatrix {
  const { tenants, pairs } = judge(outDir, step);
  const size = tenants.length;
  const stoppedBy = new Uint8Array(size ** 2).fill(2 ** PAIR_LAYERS.length - 1);
  const indexes = new Map(tenants.map((id, index) => [id, index]));
  for (const { from, to, missing } of pairs.exceptions) {
    const index = (indexes.get(from) ?? 0) * size + (indexes.get(to) ?? 0);
    stoppedBy[index] = missing.reduce(
      (bits, layer) => bits & ~(1 << PAIR_LAYERS.indexOf(layer)),
      stoppedBy[index] ?? 0,
    );
  }
  return { tenants, layers: PAIR_LAYERS, stoppedBy };
}

function judge(outDir: string, step: (message: string) => void) {
  try {
    return judgeFleet(readFleet(outDir), step);
  } catch (error) {
    throw error instanceof ManifestsError ? new InputError(error.message) : error;
  }
}
