import { ENVIRONMENTS, type Environment } from "../../../config";
import { meshRegions, type MeshRegions } from "../../../constructs/mesh";

/** Production with its second region in standby. */
export const STANDBY: Environment = {
  ...ENVIRONMENTS.production,
  secondary: { ...ENVIRONMENTS.production.secondary, role: "standby" },
};

/** Its regions, seen from Tokyo. */
export function regions(): MeshRegions {
  const found = meshRegions(STANDBY);
  if (found === undefined) {
    throw new Error("no second region");
  }
  return found;
}
