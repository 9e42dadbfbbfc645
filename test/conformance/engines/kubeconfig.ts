import { writeFileSync } from "node:fs";
import { stringify } from "yaml";

export interface KubeconfigProps {
  readonly path: string;
  readonly server: string;
  /** File with the certificate that the server bears. */
  readonly certificateAuthority: string;
  readonly token: string;
  /** Name in the server's certificate. @default - the host of `server` */
  readonly tlsServerName?: string;
}

/** Writes a kubeconfig with one cluster and one user. */
export function writeKubeconfig(props: KubeconfigProps): void {
  const { path, server, certificateAuthority, token, tlsServerName } = props;
  const cluster = {
    server,
    "certificate-authority": certificateAuthority,
    ...(tlsServerName === undefined ? {} : { "tls-server-name": tlsServerName }),
  };
  const document = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
    "current-context": "test",
  };
  writeFileSync(path, stringify(document), { mode: 0o600 });
}
