import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { commit, removeFolders, taskflow, temporaryFolder, writeTenants } from "../cli/support";

afterEach(removeFolders);

const ACME = '{ "id": "acme", "name": "Acme", "tier": "starter" }';
const BETA = '{ "id": "beta", "name": "Beta", "tier": "standard" }';

describe("taskflow check", () => {
  test("says what it judged and that nothing is wrong", async () => {
    const tenants = writeTenants(temporaryFolder(), [ACME, BETA]);
    expect(await taskflow("check", "--tenants", tenants)).toEqual({
      out: "2 tenants: 1 starter, 1 standard; 2 active\nno findings\n",
      error: "",
      code: 0,
    });
  });

  test("reads the base from git, and blames a row that is gone where it stood", async () => {
    const folder = temporaryFolder();
    const tenants = writeTenants(folder, [ACME, BETA]);
    commit(folder);
    writeTenants(folder, [ACME]);
    const { out, code } = await taskflow("check", "--tenants", tenants, "--base", "HEAD");
    expect(code).toBe(1);
    expect(out.replaceAll("\n  ", " ")).toMatch(
      /^HEAD:.*tenants\.json:4:5: tenants\[1\]: row "beta" vanishes in state "active"; allowed: .*\n1 tenant: 1 starter; 1 active\nsince HEAD: 0 added, 0 changed, 1 removed\n1 finding\n$/,
    );
    const json = await taskflow("check", "--tenants", tenants, "--base", "HEAD", "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ findings: [{ line: 4 }], rows: { removed: ["beta"] } });
  });

  test.each([
    [["--base", "nowhere"], "error: --base nowhere: git knows no such commit; a shallow clone may lack it\n"],
    [["--base", "--help"], "error: --base --help: git knows no such commit; a shallow clone may lack it\n"],
    [["--today", "2027-02-30"], "is invalid. allowed: a date like 2027-03-31"],
    [["--env", "prod"], "Allowed choices are production, staging."],
  ])("%j is usage", async (args, message) => {
    const folder = temporaryFolder();
    const tenants = writeTenants(folder, [ACME]);
    commit(folder);
    const { out, error, code } = await taskflow("check", "--tenants", tenants, ...args);
    expect({ out, code }).toEqual({ out: "", code: 2 });
    expect(error).toContain(message);
  });

  test("a file that the base does not have is usage, and so is one that does not exist", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "README.md"), "");
    commit(folder);
    const tenants = writeTenants(folder, [ACME]);
    expect(await taskflow("check", "--tenants", tenants, "--base", "HEAD")).toEqual({
      out: "",
      error: "error: --base HEAD: tenants.json does not exist there\n",
      code: 2,
    });
    expect((await taskflow("check", "--tenants", join(folder, "none.json"))).error).toMatch(/: no such file\n$/);
  });
});
