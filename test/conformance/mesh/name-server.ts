import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { HostEngine } from "./host-engine";
import { configurationOf, type Host, run } from "./hosts";

/** The public DNS, as one host sees it: a name server of its own, which its other programs ask. */
export class NameServer extends HostEngine {
  /** @param names - with their addresses; any other has none */
  public constructor(
    folder: string,
    host: Host,
    private readonly names: Readonly<Record<string, string>>,
  ) {
    super("name-server", folder, host);
  }

  protected command(): Promise<readonly string[]> {
    writeFileSync(join(configurationOf(this.host.namespace), "resolv.conf"), "nameserver 127.0.0.1\n");
    return Promise.resolve([process.execPath, join(__dirname, "programs/name-server.js"), JSON.stringify(this.names)]);
  }

  protected async isReady(): Promise<boolean> {
    return (await run(this.host, ["ss", "-lunH"])).stdout.includes("127.0.0.1:53 ");
  }
}
