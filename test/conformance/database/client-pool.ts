import { Client, type ClientConfig } from "pg";

/** One client connection of a tenant's service, as a connection pool of an application keeps it. */
interface Slot {
  readonly role: string;
  readonly login: ClientConfig;
  /** None where the last one broke: the next transaction opens another. */
  client: Client | undefined;
  busy: boolean;
}

/** What came of one transaction. */
export interface Transaction {
  /** Instants of `performance.now()`: when it was due, when it was sent, and when its answer was there. */
  readonly due: number;
  readonly sent: number;
  readonly done: number;
  /** Why it failed, where it did. */
  readonly error?: string;
  /** True if the server ran it as another role than the client's. */
  readonly stranger: boolean;
}

/** Connections opened at a time. */
const BATCH = 50;

/** Milliseconds between looks at what is due. */
const TICK = 5;

/** Client connections of many roles, all open at once, and a load on them that does not wait for answers. */
export class ClientPool {
  private readonly slots: readonly Slot[];
  /** Lehmer's generator: the same load in each run. */
  private random = 1;

  /** `logins` are one a connection; `statement` is one transaction and returns the server's `current_user` as `role`. */
  public constructor(
    logins: readonly (ClientConfig & { readonly user: string })[],
    private readonly statement: (role: string) => string,
  ) {
    this.slots = logins.map((login) => ({ role: login.user, login, client: undefined, busy: false }));
  }

  /** Opens every connection. */
  public async open(): Promise<void> {
    for (let from = 0; from < this.slots.length; from += BATCH) {
      await Promise.all(this.slots.slice(from, from + BATCH).map(connect));
    }
  }

  /** Closes every connection. */
  public async close(): Promise<void> {
    await Promise.allSettled(this.slots.map(({ client }) => client?.end()));
  }

  /** Sends transactions at a rate, a second, for so many seconds; settles when all have ended. */
  public async run(rate: number, seconds: number): Promise<readonly Transaction[]> {
    const started = performance.now();
    const total = rate * seconds;
    const running: Promise<Transaction>[] = [];
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        // The first is due at once.
        const dueNow = Math.min(total, 1 + Math.floor(((performance.now() - started) * rate) / 1_000));
        while (running.length < dueNow) {
          const slot = this.takeIdle();
          // All are busy: what is due waits here, and its time runs.
          if (slot === undefined) {
            return;
          }
          running.push(this.transact(slot, started + (running.length * 1_000) / rate));
        }
        if (running.length < total) {
          return;
        }
        clearInterval(timer);
        resolve();
      }, TICK);
    });
    return Promise.all(running);
  }

  /** An idle connection from a random one on: tenants do not take turns, and now and then two of one meet. */
  private takeIdle(): Slot | undefined {
    this.random = (this.random * 48_271) % 2_147_483_647;
    const from = this.random % this.slots.length;
    const isIdle = ({ busy }: Slot): boolean => !busy;
    const slot = this.slots.slice(from).find(isIdle) ?? this.slots.slice(0, from).find(isIdle);
    if (slot !== undefined) {
      slot.busy = true;
    }
    return slot;
  }

  private async transact(slot: Slot, due: number): Promise<Transaction> {
    const sent = performance.now();
    try {
      const client = slot.client ?? (await connect(slot));
      const { rows } = await client.query<{ role: string }>(this.statement(slot.role));
      return { due, sent, done: performance.now(), stranger: rows[0]?.role !== slot.role };
    } catch (error) {
      return { due, sent, done: performance.now(), error: String(error), stranger: false };
    } finally {
      slot.busy = false;
    }
  }
}

async function connect(slot: Slot): Promise<Client> {
  const client = new Client(slot.login);
  // As a pool does: a connection that broke is forgotten, and the transaction on it hears of it by itself.
  client.on("error", () => (slot.client = undefined));
  client.once("end", () => (slot.client = undefined));
  await client.connect();
  slot.client = client;
  return client;
}
