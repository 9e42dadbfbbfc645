import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bundleArchive, functionBundle, HANDLER } from "../../../constructs/function";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "taskflow-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A function of two modules below `root`. */
function writeSource(folder: string, sql = "SELECT 1;"): void {
  mkdirSync(join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "src/query.sql"), sql);
  writeFileSync(
    join(folder, "src/handler.ts"),
    `import sql from "./query.sql";\nexport async function handler(event: unknown): Promise<unknown> { return { event, sql }; }\n`,
  );
}

describe("bundleArchive", () => {
  test("gives the same bytes from the same source in another place", () => {
    writeSource(join(root, "one"));
    cpSync(join(root, "one"), join(root, "two"), { recursive: true });
    const one = bundleArchive(join(root, "one"), "src/handler.ts");
    expect(bundleArchive(join(root, "two"), "src/handler.ts").equals(one)).toBe(true);
    expect(bundleArchive(join(root, "one"), "src/handler.ts").equals(one)).toBe(true);
    expect(one.includes(root)).toBe(false);
  });

  test("gives other bytes once a line of SQL changes, which it holds as text", () => {
    writeSource(root);
    const before = bundleArchive(root, "src/handler.ts");
    writeSource(root, "SELECT 2;");
    const after = bundleArchive(root, "src/handler.ts");
    expect(after.equals(before)).toBe(false);
    expect(after.includes("SELECT 2;")).toBe(true);
  });

  test("throws with the place of an error in the source", () => {
    writeSource(root);
    writeFileSync(join(root, "src/handler.ts"), `import { no } from "./nothing";\nexport const handler = no;\n`);
    expect(() => bundleArchive(root, "src/handler.ts")).toThrow(
      /src\/handler\.ts:1:19: ERROR: Could not resolve "\.\/nothing"/,
    );
  });
});

describe.each([["tenant-database"], ["tenant-onboarding"]])("functionBundle of %s", (name) => {
  test("is built once a process, and its file holds the bytes that its hashes tell", () => {
    const bundle = functionBundle(name);
    expect(functionBundle(name)).toBe(bundle);
    const digest = createHash("sha256").update(readFileSync(bundle.file)).digest();
    expect(bundle).toMatchObject({ hash: digest.toString("hex"), sourceCodeHash: digest.toString("base64") });
  });

  test("exports what Lambda calls, needs no module beside Node's own, and names no place of this machine", () => {
    const archive = readFileSync(functionBundle(name).file);
    expect(archive.includes(process.cwd())).toBe(false);
    // Stored, so the code is the archive's, between the first file's name and the directory.
    const start = archive.indexOf("index.js") + "index.js".length;
    writeFileSync(join(root, "index.js"), archive.subarray(start, archive.indexOf(Buffer.from("PK\u0001\u0002"))));
    const [module, exported = ""] = HANDLER.split(".");
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- as Lambda loads it, in a folder without packages
    const loaded = require(join(root, `${module}.js`)) as Record<string, unknown>;
    expect(loaded[exported]).toBeInstanceOf(Function);
  });
});
