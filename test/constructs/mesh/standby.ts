import { meshRegions, type MeshRegions } from "../../../constructs/mesh";
import { inTwoRegions } from "../../support/regions";

/** Production with its second region in standby. */
export const STANDBY = inTwoRegions("standby");

/** Its regions, seen from Tokyo. */
export function regions(): MeshRegions {
  const found = meshRegions(STANDBY);
  if (found === undefined) {
    throw new Error("no second region");
  }
  return found;
}
