import { Engine } from "../engines/engine";
import { type Host, inside } from "./hosts";

/** A server program inside a host. */
export abstract class HostEngine extends Engine {
  /** Account that it runs as. @default - root */
  protected readonly account: number | undefined;

  public constructor(
    name: string,
    folder: string,
    protected readonly host: Host,
  ) {
    super(name, folder);
  }

  protected override get program(): string {
    return "ip";
  }

  protected async arguments(): Promise<readonly string[]> {
    return inside(this.host, await this.command(), this.account);
  }

  /** The program and its arguments. */
  protected abstract command(): Promise<readonly string[]>;
}
