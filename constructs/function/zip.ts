import { crc32 } from "node:zlib";

export interface ZipEntry {
  /** Path inside the archive, in ASCII. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** 1980-01-01, the first day that ZIP knows, as MS-DOS writes it. */
const MODIFIED_DATE = (1 << 5) | 1;

/** Made on Unix, by version 2.0 of the specification: the mode below counts, and Lambda may read the file. */
const MADE_BY = (3 << 8) | 20;
const MODE = 0o100644;

/**
 * A ZIP archive of the entries in the order given (PKWARE's APPNOTE 6.3.10, 4.3): the same entries give the same bytes, on
 * any machine and at any time. They are stored, not deflated: zlib's output differs between its versions and, by its use
 * of vector instructions, between processors.
 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const file = Buffer.concat([localHeader(name, content), Buffer.from(name), content]);
    directory.push(directoryHeader(name, content, offset), Buffer.from(name));
    files.push(file);
    offset += file.length;
  }
  const directorySize = directory.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...files, ...directory, end(entries.length, directorySize, offset)]);
}

function localHeader(name: string, content: Uint8Array): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, name, content);
  return header;
}

function directoryHeader(name: string, content: Uint8Array, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(MADE_BY, 4);
  writeCommon(header, 6, name, content);
  header.writeUInt32LE(MODE * 2 ** 16, 38);
  header.writeUInt32LE(offset, 42);
  return header;
}

/** What both headers hold: version needed, flags and method (none), time and date, checksum, sizes, the name's length. */
function writeCommon(header: Buffer, at: number, name: string, content: Uint8Array): void {
  header.writeUInt16LE(20, at);
  header.writeUInt16LE(MODIFIED_DATE, at + 8);
  header.writeUInt32LE(crc32(content), at + 10);
  header.writeUInt32LE(content.length, at + 14);
  header.writeUInt32LE(content.length, at + 18);
  header.writeUInt16LE(name.length, at + 22);
}

function end(entries: number, directorySize: number, directoryOffset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(directorySize, 12);
  record.writeUInt32LE(directoryOffset, 16);
  return record;
}
