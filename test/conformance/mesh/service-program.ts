import { join } from "node:path";
import { PORTS } from "../../../config";
import { HostEngine } from "./host-engine";
import { type Host, run } from "./hosts";

/** Account of a service's own container: neither root nor Envoy's. */
export const SERVICE_ACCOUNT_ID = 10_001;

export interface ServiceProgramProps {
  readonly folder: string;
  readonly host: Host;
  /** What its answers call it. */
  readonly name: string;
  /** @default 8080 */
  readonly port?: number;
  /**
   * It answers with 503 for as long as this file exists.
   * @default - it never does
   */
  readonly sickFile?: string;
}

/** A small HTTP server in place of a tenant's service. */
export class ServiceProgram extends HostEngine {
  public constructor(private readonly props: ServiceProgramProps) {
    super("service", props.folder, props.host);
  }

  private get port(): number {
    return this.props.port ?? PORTS.http;
  }

  protected override readonly account = SERVICE_ACCOUNT_ID;

  protected command(): Promise<readonly string[]> {
    const script = join(__dirname, "programs/service.js");
    return Promise.resolve([
      process.execPath,
      script,
      String(this.port),
      this.props.name,
      "0",
      this.props.sickFile ?? "",
    ]);
  }

  protected async isReady(): Promise<boolean> {
    const url = `http://127.0.0.1:${this.port}/healthz/ready`;
    return (await run(this.host, ["curl", "-sf", "-o", "/dev/null", "-m", "2", url])).code === 0;
  }
}
