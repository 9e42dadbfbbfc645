import type { Attack } from "../attack";
import { CATALOG_ATTACKS } from "./catalog";
import { ROLE_ATTACKS } from "./roles";
import { SCHEMA_ATTACKS } from "./schemas";
import { SERVER_ATTACKS } from "./server";
import { SHARED_ATTACKS } from "./shared";
import type { World } from "./world";

/** Every way of one tenant to another that a session of the tenant's can try. */
export const ATTACKS: readonly Attack<World>[] = [
  ...SCHEMA_ATTACKS,
  ...SHARED_ATTACKS,
  ...ROLE_ATTACKS,
  ...SERVER_ATTACKS,
  ...CATALOG_ATTACKS,
];

export type { Party, SharedTable, World } from "./world";
