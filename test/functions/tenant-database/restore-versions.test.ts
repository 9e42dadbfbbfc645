import { provision, restore } from "../../../functions/tenant-database/src";
import type * as Versions from "../../../functions/tenant-database/src/versions";
import { tenant, TestServer } from "./fixture";

// A later release of the function, which knows a version with sequences, a circle of keys and a generated column.
jest.mock("../../../functions/tenant-database/src/versions", () => {
  const actual = jest.requireActual<typeof Versions>("../../../functions/tenant-database/src/versions");
  const sql = `
    create table :"schema".notes (
      tenant_id text not null default :'id' check (tenant_id = :'id'),
      note_no bigint generated always as identity,
      answers bigint,
      text text not null,
      length integer generated always as (char_length(text)) stored,
      primary key (tenant_id, note_no),
      foreign key (tenant_id, answers) references :"schema".notes
    );
    alter table :"schema".notes enable row level security, force row level security;
    create policy tenant_rows on :"schema".notes to :"role"
      using (current_user = :'role' and tenant_id = :'id') with check (current_user = :'role' and tenant_id = :'id');
    create policy migrator on :"schema".notes to :"provisioner" using (true) with check (true);`;
  return { VERSIONS: [...actual.VERSIONS, { version: 2, name: "notes", sql }], LATEST_VERSION: 2 };
});

describe("restore across schema versions", () => {
  let live: TestServer;
  let copy: TestServer;

  beforeAll(async () => {
    [live, copy] = await Promise.all([TestServer.copying(), TestServer.copying()]);
  }, 30_000);
  afterAll(() => Promise.all([live.stop(), copy.stop()]));

  const run = (id: string) =>
    copy.asProvisioner((source) =>
      live.asProvisioner((target) =>
        restore(
          { source, target, beside: (work) => work(target) },
          tenant(id, { schemaVersion: 2 }),
          new Date("2026-11-28T10:55:07Z"),
        ),
      ),
    );

  test("rows of an earlier version come back and are brought up to the one that the tenant is at", async () => {
    await copy.asProvisioner((db) => provision(db, tenant("early")));
    await copy.as("tenant_early", (db) =>
      db.query("insert into tenant_early.users (email, display_name) values ('a@example.com', 'A')"),
    );
    await live.asProvisioner((db) => provision(db, tenant("early", { schemaVersion: 2 })));
    expect((await run("early")).changed).toEqual(
      expect.arrayContaining(["table users: 1 rows", "version 2", "grants"]),
    );
    expect(await live.rows("select email from tenant_early.users")).toEqual([{ email: "a@example.com" }]);
    expect(await live.rows("select count(*)::int as notes from tenant_early.notes")).toEqual([{ notes: 0 }]);
    expect(await live.rows("select version from platform.versions where tenant_id = 'early' order by 1")).toEqual([
      { version: 1 },
      { version: 2 },
    ]);
  });

  test("sequences go on where they stood, and tables that refer to themselves come over", async () => {
    const input = tenant("numbered", { schemaVersion: 2 });
    await copy.asProvisioner((db) => provision(db, input));
    await copy.as("tenant_numbered", (db) =>
      db.query(`
        insert into tenant_numbered.notes (text) select 'note ' || n from generate_series(1, 7) n;
        update tenant_numbered.notes set answers = 7 where note_no = 1;
        delete from tenant_numbered.notes where note_no = 5`),
    );
    await live.asProvisioner((db) => provision(db, input));
    await run("numbered");
    expect(
      await live.rows("select note_no::int, answers::int, length from tenant_numbered.notes order by 1 limit 2"),
    ).toEqual([
      { note_no: 1, answers: 7, length: 6 },
      { note_no: 2, answers: null, length: 6 },
    ]);
    expect(
      await live.as(
        "tenant_numbered",
        async (db) =>
          (await db.query("insert into tenant_numbered.notes (text) values ('x') returning note_no::int")).rows,
      ),
    ).toEqual([{ note_no: 8 }]);
    await expect(
      live.as("tenant_numbered", (db) => db.query("insert into tenant_numbered.notes (text, answers) values ('x', 5)")),
    ).rejects.toThrow("violates foreign key constraint");
  });
});
