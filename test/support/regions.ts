import {
  type Environment,
  ENVIRONMENTS,
  type SecondaryEnvironment,
  secondaryEnvironment,
  type SecondaryRole,
} from "../../config";

/** Production with a second region in some role; with a database of the region's own, if tenants are to be at home there. */
export function inTwoRegions(role: SecondaryRole, { own = false }: { readonly own?: boolean } = {}): Environment {
  const { production } = ENVIRONMENTS;
  const { secondary } = production;
  return {
    ...production,
    secondary: { ...secondary, role, ...(own ? { ownDatabase: secondary.database } : {}) },
  };
}

/**
 * The second region's environment.
 *
 * @throws Error if there is none
 */
export function secondaryOf(primary: Environment): SecondaryEnvironment {
  const secondary = secondaryEnvironment(primary);
  if (secondary === undefined) {
    throw new Error(`${primary.name} has no second region`);
  }
  return secondary;
}

/** A second region that stands by. */
export function standby(): SecondaryEnvironment {
  return secondaryOf(inTwoRegions("standby"));
}

/** A second region that has taken over. */
export function serving(): SecondaryEnvironment {
  return secondaryOf(inTwoRegions("serving"));
}
