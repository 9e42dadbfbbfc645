import { join } from "node:path";
import { type Certificate, issueCertificate } from "./certificates";
import { HostEngine } from "./host-engine";
import { type Host, run } from "./hosts";
import { SERVICE_ACCOUNT_ID } from "./service-program";

/** Port of the synthesized store. */
const PORT = 6379;

/** The rate limit's store: Redis with TLS, as ElastiCache's, and nothing kept on disk. A start begins without counters. */
export class Redis extends HostEngine {
  protected override readonly account = SERVICE_ACCOUNT_ID;
  private certificate: Certificate | undefined;

  public constructor(folder: string, host: Host) {
    super("redis", folder, host);
  }

  /** `host:port` of the store. */
  public get address(): string {
    return `${this.host.address}:${PORT}`;
  }

  /** PEM file of the authority that signed the store's certificate. */
  public get authority(): string {
    if (this.certificate === undefined) {
      throw new Error("the store was not started");
    }
    return this.certificate.authority;
  }

  /** Forgets all counters. */
  public async clear(): Promise<void> {
    await this.ask("flushall");
  }

  protected async command(): Promise<readonly string[]> {
    this.certificate ??= await issueCertificate(join(this.folder, "tls"), `IP:${this.host.address}`, "serverAuth");
    const { key, cert, authority } = this.certificate;
    const tls = ["--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", authority];
    const listener = ["--port", "0", "--tls-port", String(PORT), "--bind", this.host.address];
    // The synthesized store knows its clients by their network alone: no certificate, no password.
    const open = ["--tls-auth-clients", "no", "--protected-mode", "no"];
    return ["redis-server", ...listener, ...tls, ...open, "--save", "", "--appendonly", "no"];
  }

  protected async isReady(): Promise<boolean> {
    return (await this.ask("ping")) === "PONG";
  }

  private async ask(command: string): Promise<string> {
    const server = ["-h", this.host.address, "-p", String(PORT), "--tls", "--cacert", this.authority];
    return (await run(this.host, ["redis-cli", ...server, command])).stdout.trim();
  }
}
