import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientConfig, DatabaseError, type QueryResult } from "pg";

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
  /** Instants of `performance.now()`: when it was due, when it was sent, and when its end was known. */
  readonly due: number;
  readonly sent: number;
  readonly done: number;
  /** When BEGIN was answered, from which on it is in flight; none where that never came. */
  readonly begun: number | undefined;
  /** How often its start was refused and tried again. */
  readonly refusals: number;
  /** Why it failed, where it did. */
  readonly error?: string;
  /** True if the server ran it as another role than the client's. */
  readonly stranger: boolean;
}

/** Connections opened at a time. */
const BATCH = 50;

/** Milliseconds between looks at what is due. */
const TICK = 5;

/** Milliseconds before a refused start is tried again: at first, and at most after doubling. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

/** SQLSTATEs that say that there is no server to talk to: class 08, a shutdown, a crash, a start that is not over. */
const CONNECTION_FAILURE = /^(08...|57P0[123])$/;

/**
 * Client connections of many roles, all open at once, and a load on them that does not wait for answers. As a service's own
 * pool must, it tries a transaction again whose start was refused: none of its statements has reached the server then.
 */
export class ClientPool {
  private readonly slots: readonly Slot[];
  /** Lehmer's generator: the same load in each run. */
  private random = 1;

  /**
   * @param logins - one a connection
   * @param statement - all of a transaction; it returns the server's `current_user` as `role`
   * @param patience - milliseconds for which a refused start is tried again; at 0 the first refusal is an error
   */
  public constructor(
    logins: readonly (ClientConfig & { readonly user: string })[],
    private readonly statement: (role: string) => string,
    private readonly patience: number,
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
    const from = this.draw() % this.slots.length;
    const isIdle = ({ busy }: Slot): boolean => !busy;
    const slot = this.slots.slice(from).find(isIdle) ?? this.slots.slice(0, from).find(isIdle);
    if (slot !== undefined) {
      slot.busy = true;
    }
    return slot;
  }

  private async transact(slot: Slot, due: number): Promise<Transaction> {
    const sent = performance.now();
    let begun: number | undefined;
    let refusals = 0;
    const ended = (end: Pick<Transaction, "error" | "stranger">): Transaction => {
      return { due, sent, begun, refusals, done: performance.now(), ...end };
    };
    try {
      const client = await this.begin(slot, sent + this.patience, () => (refusals += 1));
      begun = performance.now();
      // Text of two statements has two results.
      const results: unknown = await client.query(`${this.statement(slot.role)}; COMMIT`);
      const [{ rows }] = results as readonly [QueryResult<{ role: string }>];
      return ended({ stranger: rows[0]?.role !== slot.role });
    } catch (error) {
      discard(slot);
      return ended({ error: String(error), stranger: false });
    } finally {
      slot.busy = false;
    }
  }

  /** A connection on which a transaction has begun. Refusals are tried again until the deadline, on a new connection. */
  private async begin(slot: Slot, deadline: number, refused: () => void): Promise<Client> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        const client = slot.client ?? (await connect(slot));
        await client.query("BEGIN");
        return client;
      } catch (error) {
        discard(slot);
        if (!isConnectionFailure(error) || performance.now() + pause > deadline) {
          throw error;
        }
      }
      refused();
      // Spread out, or all that were refused together would come back together.
      await sleep(pause * (0.5 + (this.draw() % 1_000) / 2_000));
    }
  }

  private draw(): number {
    this.random = (this.random * 48_271) % 2_147_483_647;
    return this.random;
  }
}

async function connect(slot: Slot): Promise<Client> {
  const client = new Client(slot.login);
  const forget = (): void => {
    if (slot.client === client) {
      slot.client = undefined;
    }
  };
  // As a pool does: a connection that broke is forgotten, and the transaction on it hears of it by itself.
  client.on("error", forget);
  client.once("end", forget);
  await client.connect();
  slot.client = client;
  return client;
}

/** Gives a connection up whose state nobody knows. */
function discard(slot: Slot): void {
  const { client } = slot;
  slot.client = undefined;
  client?.end().catch(() => undefined);
}

/** What is not an answer of the server's is the socket's end: refused, reset or closed. */
function isConnectionFailure(error: unknown): boolean {
  return !(error instanceof DatabaseError) || CONNECTION_FAILURE.test(error.code ?? "");
}
