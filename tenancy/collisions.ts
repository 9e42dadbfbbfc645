import { databaseRole, databaseSchema, hostName, iamRoleName, namespaceName } from "./names";

/** Two rows whose ids lead to one name. */
export interface Collision {
  /** Index of the later row. */
  readonly index: number;
  readonly message: string;
}

const MAPPED: readonly (readonly [string, (id: string) => string])[] = [
  // PostgreSQL and DNS fold case, and the role's name has no hyphen.
  ["database role", (id) => databaseRole(id).toLowerCase()],
  ["database schema", (id) => databaseSchema(id).toLowerCase()],
  ["host", (id) => hostName(id, "").toLowerCase().replace(/\.$/, "")],
  ["namespace", (id) => namespaceName(id).toLowerCase()],
  ["IAM role", (id) => iamRoleName(id).toLowerCase()],
];

/**
 * Ids that stand twice, and different ids that would share a role, schema, host, namespace or IAM role. Ids that are no
 * DNS label take part: the row that is corrected must not collide in turn.
 *
 * @param ids - by row; undefined where a row has none
 */
export function collisions(ids: readonly (string | undefined)[]): readonly Collision[] {
  const found: Collision[] = [];
  const firstById = new Map<string, number>();
  const firstByName = new Map<string, { readonly id: string; readonly index: number }>();
  ids.forEach((id, index) => {
    if (id === undefined) {
      return;
    }
    const twin = firstById.get(id);
    if (twin !== undefined) {
      found.push({ index, message: `id "${id}" stands twice; tenants[${twin}] has it already` });
      return;
    }
    firstById.set(id, index);
    const shared = MAPPED.flatMap(([what, map]) => {
      const name = map(id);
      const key = `${what}:${name}`;
      const first = firstByName.get(key);
      firstByName.set(key, first ?? { id, index });
      return first === undefined ? [] : [{ what, name, first }];
    });
    const [one] = shared;
    if (one !== undefined) {
      const names = shared.map(({ what, name }) => `${what} "${name}"`).join(", ");
      found.push({
        index,
        message: `id "${id}" collides with "${one.first.id}" of tenants[${one.first.index}]: ${names}`,
      });
    }
  });
  return found;
}
