import { POSTGRES_RELEASES } from "../engines/postgres-binaries";
import { failuresOf } from "./attack";
import { ATTACKS } from "./attacks";
import { MUTANTS } from "./mutants";
import { backendOf, startTwoTenants, type TwoTenants } from "./two-tenants";

const RELEASES = Object.values(POSTGRES_RELEASES);

describe.each(RELEASES)("on PostgreSQL $version the attacks tell a database that lacks a protection:", (release) => {
  let tenants: TwoTenants;

  beforeAll(async () => {
    tenants = await startTwoTenants(`mutations-${release.version}`, release);
  });

  afterAll(async () => {
    await tenants.server.stop();
  });

  /**
   * Runs every attack against the mutated database and gives all that came otherwise than expected. The superuser plays the
   * attacker in one transaction, so that rolling it back restores roles and grants too.
   */
  async function failuresAfter(statements: readonly string[]): Promise<readonly string[]> {
    const { server, superuser } = tenants;
    // Anew each time: of all that an attacker might do to its victim, ending its session alone is not rolled back.
    const victim = await server.connect(tenants.world.victim.role);
    const world = { ...tenants.world, victim: { ...tenants.world.victim, backend: await backendOf(victim) } };
    await superuser.query("BEGIN");
    try {
      // It would refuse some of the mutants, which is its own test.
      await superuser.query("ALTER EVENT TRIGGER taskflow_row_security DISABLE");
      for (const statement of statements) {
        await superuser.query(statement);
      }
      await superuser.query(`SET LOCAL SESSION AUTHORIZATION ${world.attacker.role}`);
      const failures: string[] = [];
      for (const attack of ATTACKS) {
        failures.push(...(await failuresOf(superuser, attack, world)));
      }
      return failures;
    } finally {
      await superuser.query("ROLLBACK");
      await victim.end();
    }
  }

  test("nothing, where nothing is lacking", async () => {
    expect(await failuresAfter([])).toEqual([]);
  });

  test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))("%s", async (_, { statements, foundBy }) => {
    const failures = await failuresAfter(statements(tenants.world));
    expect(failures.filter((failure) => failure.startsWith(foundBy))).not.toEqual([]);
  });

  test("nothing, once every mutation is undone", async () => {
    expect(await failuresAfter([])).toEqual([]);
  });
});

describe.each(RELEASES)("on PostgreSQL $version the event trigger", (release) => {
  let tenants: TwoTenants;

  beforeAll(async () => {
    tenants = await startTwoTenants(`event-trigger-${release.version}`, release);
  });

  afterAll(async () => {
    await tenants.server.stop();
  });

  test.each(["NO FORCE", "DISABLE"])("refuses even the superuser %s ROW LEVEL SECURITY", async (change) => {
    for (const table of ["shared.usage_events", `${tenants.world.victim.schema}.tasks`]) {
      await expect(tenants.superuser.query(`ALTER TABLE ${table} ${change} ROW LEVEL SECURITY`)).rejects.toMatchObject({
        code: "42501",
      });
    }
  });
});
