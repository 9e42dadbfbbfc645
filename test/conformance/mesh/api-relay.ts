import { mkdirSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import type { Connection } from "../engines/http";
import { HostEngine } from "./host-engine";
import { type Host, run } from "./hosts";

/** The port of EKS' API endpoint, which policies name. */
export const API_PORT = 443;

/**
 * The API server's address inside the network. The server itself listens on the machine's loopback, which no host shares: the
 * way there is a socket file.
 */
export class ApiRelay extends HostEngine {
  private readonly socketPath: string;
  private server: Server | undefined;

  public constructor(
    folder: string,
    host: Host,
    private readonly connection: Connection,
  ) {
    super("api-relay", folder, host);
    this.socketPath = join(folder, "api.sock");
  }

  public override async stop(): Promise<void> {
    this.server?.close();
    await super.stop();
  }

  protected command(): Promise<readonly string[]> {
    mkdirSync(this.folder, { recursive: true });
    const { port } = new URL(this.connection.url);
    this.server = createServer((client) => {
      const upstream = connect(Number(port), "127.0.0.1");
      client.on("error", () => upstream.destroy());
      upstream.on("error", () => client.destroy());
      client.pipe(upstream).pipe(client);
    }).listen(this.socketPath);
    const script = join(__dirname, "programs/relay.js");
    return Promise.resolve([process.execPath, script, this.host.address, String(API_PORT), this.socketPath]);
  }

  protected async isReady(): Promise<boolean> {
    const url = `https://${this.host.address}:${API_PORT}/readyz`;
    return (await run(this.host, ["curl", "-sk", "-o", "/dev/null", "-m", "2", url])).code === 0;
  }
}
