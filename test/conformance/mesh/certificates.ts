import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

const openssl = (...args: readonly string[]): Promise<unknown> => execute("openssl", args);

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** PEM files of a certificate with its key and with the authority that signed it. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly authority: string;
}

/**
 * A certificate from an authority of its own, which the mesh does not know. All accounts may read the files.
 *
 * @param name - its alternative name as OpenSSL writes it: `URI:spiffe://…`, `IP:10.0.200.10`
 */
export async function issueCertificate(
  folder: string,
  name: string,
  usage: "clientAuth" | "serverAuth",
): Promise<Certificate> {
  mkdirSync(folder, { recursive: true });
  const file = (path: string): string => join(folder, path);
  await openssl("req", "-x509", ...KEY, "-subj", "/O=foreign", "-keyout", file("ca.key"), "-out", file("ca.pem"));
  await openssl("req", "-new", ...KEY, "-subj", "/", "-keyout", file("key.pem"), "-out", file("request.pem"));
  writeFileSync(file("extensions.txt"), `subjectAltName=critical,${name}\nextendedKeyUsage=${usage}\n`);
  const signer = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial"];
  const output = ["-extfile", file("extensions.txt"), "-out", file("cert.pem")];
  await openssl("x509", "-req", "-in", file("request.pem"), ...signer, ...output);
  await execute("chmod", ["-R", "a+rX", folder]);
  return { key: file("key.pem"), cert: file("cert.pem"), authority: file("ca.pem") };
}
