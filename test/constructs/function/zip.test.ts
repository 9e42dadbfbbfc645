import { zip } from "../../../constructs/function/zip";

const bytes = (content: string) => new TextEncoder().encode(content);

/** Files of an archive, read as a reader does: from its end to the directory, and from there to each file. */
function read(archive: Buffer): readonly (readonly [string, string])[] {
  const end = archive.length - 22;
  let entry = archive.readUInt32LE(end + 16);
  return Array.from({ length: archive.readUInt16LE(end + 10) }, () => {
    const nameLength = archive.readUInt16LE(entry + 28);
    const file = archive.readUInt32LE(entry + 42);
    const content = file + 30 + archive.readUInt16LE(file + 26);
    const size = archive.readUInt32LE(entry + 20);
    const name = archive.toString("utf8", entry + 46, entry + 46 + nameLength);
    entry += 46 + nameLength;
    return [name, archive.toString("utf8", content, content + size)] as const;
  });
}

describe("zip", () => {
  test("is the archive that the specification describes, byte for byte", () => {
    // One file "a" with the content "hi", whose CRC-32 is d8932aac.
    expect(zip([{ name: "a", content: bytes("hi") }]).toString("hex")).toBe(
      [
        // Local header: version 2.0, no flags, stored, midnight of 1980-01-01, checksum, two bytes twice, one of name.
        "504b0304" +
          "1400" +
          "0000" +
          "0000" +
          "0000" +
          "2100" +
          "ac2a93d8" +
          "02000000" +
          "02000000" +
          "0100" +
          "0000",
        "61" + "6869",
        // Directory: made on Unix, then the same; no extra field, comment, disk or attributes; mode 0100644; offset 0.
        "504b0102" +
          "1403" +
          "1400" +
          "0000" +
          "0000" +
          "0000" +
          "2100" +
          "ac2a93d8" +
          "02000000" +
          "02000000" +
          "0100",
        "0000" + "0000" + "0000" + "0000" + "0000a481" + "00000000" + "61",
        // End: one entry on this disk and in all, 47 bytes of directory from offset 33.
        "504b0506" + "0000" + "0000" + "0100" + "0100" + "2f000000" + "21000000" + "0000",
      ].join(""),
    );
  });

  test("holds each file under its name, in the order given", () => {
    const entries = [
      { name: "b.js", content: bytes("2") },
      { name: "a.sql", content: bytes("SELECT 1;") },
      { name: "empty", content: bytes("") },
    ];
    expect(read(zip(entries))).toEqual([
      ["b.js", "2"],
      ["a.sql", "SELECT 1;"],
      ["empty", ""],
    ]);
  });
});
