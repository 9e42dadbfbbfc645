import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Engine, freePorts } from "./engine";
import type { Etcd } from "./etcd";
import { send, type Connection } from "./http";

/** A real kube-apiserver on a free port of the loopback interface, with RBAC and the admission plugins of a cluster. */
export class ApiServer extends Engine {
  private readonly token = randomBytes(24).toString("hex");
  private url = "";

  public constructor(
    folder: string,
    private readonly etcd: Etcd,
  ) {
    super("kube-apiserver", folder);
  }

  /** How to reach it as cluster administrator, once it is ready. */
  public get connection(): Connection {
    return { url: this.url, token: this.token, ca: readFileSync(this.certificatePath, "utf8") };
  }

  /** Its own certificate, which it makes and signs itself. */
  public get certificatePath(): string {
    return join(this.folder, "certificates", "apiserver.crt");
  }

  /** Private key of the service accounts' tokens. */
  public get serviceAccountKeyPath(): string {
    return join(this.folder, "service-accounts.key");
  }

  protected async arguments(): Promise<readonly string[]> {
    const [port = 0] = await freePorts(1);
    this.url = `https://127.0.0.1:${port}`;
    mkdirSync(this.folder, { recursive: true });
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    const tokens = join(this.folder, "tokens.csv");
    writeFileSync(this.serviceAccountKeyPath, privateKey, { mode: 0o600 });
    writeFileSync(tokens, `${this.token},admin,admin,system:masters\n`, { mode: 0o600 });
    return [
      `--etcd-servers=${this.etcd.endpoint}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--cert-dir=${join(this.folder, "certificates")}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${this.serviceAccountKeyPath}`,
      `--service-account-signing-key-file=${this.serviceAccountKeyPath}`,
      "--service-cluster-ip-range=172.20.0.0/16",
      `--token-auth-file=${tokens}`,
      "--authorization-mode=RBAC",
      // As on EKS: whether a pod may be privileged is then up to Pod Security alone.
      "--allow-privileged=true",
      "--enable-admission-plugins=LimitRanger,PodSecurity,ResourceQuota,ServiceAccount",
      // Otherwise it looks for an address of this machine that others can reach.
      "--endpoint-reconciler-type=none",
    ];
  }

  protected async isReady(): Promise<boolean> {
    const { connection } = this;
    return (await send({ method: "GET", url: `${connection.url}/readyz`, connection })).status === 200;
  }
}
