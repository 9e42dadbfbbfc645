import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ENVIRONMENTS } from "../../../config";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { hostName, namespaceName, type TenantRow } from "../../../tenancy";
import { POSTGRES_RELEASES } from "../engines/postgres-binaries";
import { synthesizeRows } from "../synthesize";
import { measured } from "../page";
import { atGateway } from "./attacks";
import { call, describeOutcome, type Outcome } from "./call";
import { FLEET } from "./fleet";
import { run } from "./hosts";
import { applyAll, deleteAll } from "./onboarding-apply";
import { FleetDatabase } from "./onboarding-database";
import { type Difference, differenceBetween, NO_DIFFERENCE } from "./onboarding-difference";
import { countOf, Load, type Tally } from "./onboarding-load";
import { DeployedPods } from "./onboarding-pods";
import { record } from "../criteria";
import { SERVICE_ACCOUNT_ID } from "./service-program";
import { theWorld } from "./world";

const world = theWorld();
const { cluster } = world;

const TENANT: TenantRow = { id: "glade", name: "Glade", tier: "starter" };
const RETAIN_UNTIL = "2099-12-31";
const RETENTION_OVER = new Date("2100-01-01T12:00:00Z");

/** SQLSTATE of a login that the role may not make. */
const NO_LOGIN = { code: "28000" };

const PATH = "/api/tasks";
const hostOf = ({ id }: TenantRow): string => hostName(id, ENVIRONMENTS.production.domain);
const neighbours = FLEET.map(hostOf);

const pods = new DeployedPods(world);
const rows: string[][] = [];
let database: FleetDatabase;
let load: Load | undefined;
/** What is applied. */
let current = cluster.outDir;
let onboarding = NO_DIFFERENCE;

/** Synthesizes the fleet with the tenant in some state. */
function synthesize(name: string, tenant: TenantRow): Promise<string> {
  return synthesizeRows(join(cluster.folder, "onboarding", name), [...FLEET, tenant]);
}

/** Moves on to another output; says what has to be done for it. */
function moveTo(outDir: string): Difference {
  const difference = differenceBetween(current, outDir);
  current = outDir;
  return difference;
}

/** A request of a client from the Internet, as the load balancer passes it on. */
function ask(host: string): Promise<Outcome> {
  return call(cluster.loadBalancer, SERVICE_ACCOUNT_ID, atGateway(world, host, PATH));
}

/** Asks until the answer is one; gives it. */
async function answerOf(host: string, status: number, body = ""): Promise<Outcome> {
  let outcome: Outcome = {};
  await cluster.client.waitFor(`HTTP ${status} at ${host}`, async () => {
    outcome = await ask(host);
    return outcome.status === status && (outcome.body ?? "").includes(body);
  });
  return outcome;
}

/** Number of the push from istiod that the gateway's listeners are at. */
async function lastPush(): Promise<number> {
  const url = "http://127.0.0.1:15000/stats?filter=listener_manager.lds.version_text";
  const { stdout } = await run(world.gateway.host, ["curl", "-s", "-m", "5", url]);
  return Number(/Z\/(\d+)"/.exec(stdout)?.[1]);
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = Date.now();
  await work();
  return Date.now() - started;
}

const seconds = (duration: number): string => measured(duration / 1_000, "s");

const isRoute = ({ kind }: KubernetesObject): boolean => kind === "VirtualService";
const isNoRoute = (object: KubernetesObject): boolean => !isRoute(object);

async function invokeAll({ invocations }: Difference): Promise<readonly string[]> {
  const results = [];
  for (const invocation of invocations) {
    results.push(await database.invoke(invocation));
  }
  return results.flatMap(({ changed }) => changed);
}

beforeAll(async () => {
  database = await FleetDatabase.start();
  for (const host of neighbours) {
    await answerOf(host, 200);
  }
  load = Load.start(world, neighbours, PATH);
});

afterAll(async () => {
  await load?.stop();
  // Where all went well, nothing of the tenant is left to go.
  const removed = [...onboarding.created].reverse();
  await pods.stop({ changed: [], removed });
  await deleteAll(cluster, removed);
  await database.stop();
  record({
    id: "Onboarding",
    title: "a tenant comes, pauses, leaves, and nobody else notices",
    text: [
      "A row is added to the tenants file, then changed through all its states. Of each new output only the difference is",
      `applied, as Terraform would; role and schema are the function's work on PostgreSQL ${POSTGRES_RELEASES.platform.version}.`,
      "Not in the figures: Terraform's own time, images to pull, nodes to start.",
    ].join("\n"),
    columns: ["step", "seen", "took"],
    rows,
  });
});

describe("a new row", () => {
  let total = 0;

  test("changes one tenants stack alone, and only adds to it", async () => {
    let outDir = "";
    const took = await milliseconds(async () => (outDir = await synthesize("active", TENANT)));
    total += took;
    onboarding = moveTo(outDir);
    expect(onboarding.stacks).toEqual([expect.stringMatching(/^tenants-\d\d$/)]);
    expect(onboarding.changed).toEqual([]);
    expect(onboarding.removed).toEqual([]);
    expect(onboarding.created.filter(({ kind }) => kind === "Deployment")).toHaveLength(3);
    expect(onboarding.invocations.map(({ action }) => action)).toEqual(["create"]);
    const { stacks, created } = onboarding;
    rows.push([
      "a row more, synthesized",
      `${stacks.length} stack differs, by ${created.length} Kubernetes objects`,
      seconds(took),
    ]);
  });

  test("gives the tenant a role that finds its own tables and may log in", async () => {
    await expect(database.tablesSeenBy(TENANT.id)).rejects.toMatchObject(NO_LOGIN);
    let changed: readonly string[] = [];
    const took = await milliseconds(async () => (changed = await invokeAll(onboarding)));
    total += took;
    expect(changed).toEqual(expect.arrayContaining(["role tenant_glade", "schema tenant_glade", "login"]));
    expect(await database.tablesSeenBy(TENANT.id)).toEqual(expect.arrayContaining(["projects", "tasks", "users"]));
    await database.writeAs(TENANT.id, "someone@example.com");
    rows.push(["role and schema, by the function", changed.join(", "), seconds(took)]);
  });

  test("gives it pods that are ready, and still no answer without its VirtualService", async () => {
    const objects = onboarding.created.filter(isNoRoute);
    const applied = await milliseconds(() => applyAll(cluster, objects));
    const ready = await milliseconds(() => pods.start(onboarding));
    total += applied + ready;
    expect(pods.count).toBe(3);
    rows.push(["namespace, quota, policies, services, …", `${objects.length} objects taken`, seconds(applied)]);
    rows.push(["its pods, sidecars included", `${pods.count} ready`, seconds(ready)]);
    const outcome = await ask(hostOf(TENANT));
    rows.push(["counter-check: its VirtualService not yet applied", describeOutcome(outcome), ""]);
    expect(outcome.status).toBe(404);
  });

  test("ends in its first answer through the gateway, from its own service", async () => {
    let outcome: Outcome = {};
    const took = await milliseconds(async () => {
      await applyAll(cluster, onboarding.created.filter(isRoute));
      outcome = await answerOf(hostOf(TENANT), 200);
    });
    total += took;
    expect(outcome.body).toContain(`"name":"${namespaceName(TENANT.id)}/task-service"`);
    rows.push(["its VirtualService", describeOutcome(outcome), seconds(took)]);
    rows.push(["**from the row to the first answer**", "sum of the above", seconds(total)]);
  });
});

describe("a suspension", () => {
  test("answers 503 in the gateway's next push, ends the pods, and refuses the role's login", async () => {
    const suspension = moveTo(await synthesize("suspended", { ...TENANT, state: "suspended" }));
    expect(suspension.stacks).toHaveLength(1);
    expect(suspension.removed).toEqual([]);
    const push = await lastPush();
    let outcome: Outcome = {};
    const took = await milliseconds(async () => {
      await applyAll(cluster, suspension.changed.filter(isRoute));
      outcome = await answerOf(hostOf(TENANT), 503, "suspended");
    });
    expect((await lastPush()) - push).toBe(1);
    rows.push(["suspended: its VirtualService", `${describeOutcome(outcome)} within one push`, seconds(took)]);

    await invokeAll(suspension);
    await expect(database.tablesSeenBy(TENANT.id)).rejects.toMatchObject(NO_LOGIN);
    await applyAll(cluster, suspension.changed.filter(isNoRoute));
    await pods.stop(suspension);
    expect(pods.count).toBe(0);
    rows.push(["suspended: its database role, its pods", "login refused (28000); no pod wanted", ""]);
  });

  test("is over with the state: pods, answers and logins are back", async () => {
    const resumption = moveTo(await synthesize("resumed", TENANT));
    const took = await milliseconds(async () => {
      await invokeAll(resumption);
      await applyAll(cluster, resumption.changed);
      await pods.start(resumption);
      await answerOf(hostOf(TENANT), 200);
    });
    expect(await database.tablesSeenBy(TENANT.id)).toContain("users");
    rows.push(["resumed: schema, objects, pods, first answer", "HTTP 200, login", seconds(took)]);
  });
});

describe("an offboarding", () => {
  test("leaves no route, no pod and no namespace, and every row of the tenant's in an archived schema", async () => {
    const offboarding = moveTo(
      await synthesize("offboarding", { ...TENANT, state: "offboarding", retainUntil: RETAIN_UNTIL }),
    );
    expect(offboarding.created).toEqual([]);
    expect(offboarding.changed).toEqual([]);
    expect(offboarding.removed).toHaveLength(onboarding.created.length);
    expect(offboarding.invocations.map(({ action }) => action)).toEqual(["delete"]);
    const took = await milliseconds(async () => {
      await deleteAll(cluster, offboarding.removed.filter(isRoute));
      await answerOf(hostOf(TENANT), 404);
    });
    await pods.stop(offboarding);
    await invokeAll(offboarding);
    await deleteAll(cluster, offboarding.removed);
    expect(pods.count).toBe(0);
    await expect(database.tablesSeenBy(TENANT.id)).rejects.toMatchObject(NO_LOGIN);
    const schemas = Object.entries(await database.schemasOf(TENANT.id));
    expect(schemas).toEqual([[expect.stringMatching(/^archived_tenant_glade_\d{8}$/), 1]]);
    rows.push(["offboarding: its VirtualService gone", "HTTP 404", seconds(took)]);
    rows.push(["offboarding: namespace, pods, schema", "gone, gone, archived with its row", ""]);
  });

  test("is followed by a purge, which the retention forbids until its last day is over", async () => {
    await expect(database.purge(TENANT.id, RETAIN_UNTIL, new Date())).rejects.toMatchObject({ code: "RETENTION" });
    expect(Object.keys(await database.schemasOf(TENANT.id))).toHaveLength(1);
    const { changed } = await database.purge(TENANT.id, RETAIN_UNTIL, RETENTION_OVER);
    expect(changed).toEqual([expect.stringMatching(/^schema archived_/), "role tenant_glade", "record"]);
    expect(await database.schemasOf(TENANT.id)).toEqual({});
    await expect(database.invoke({ action: "create", input: onboarding.invocations[0]?.input ?? {} })).rejects.toThrow(
      'tenant "glade" was purged; its id is not given again',
    );
    rows.push([`purge before ${RETAIN_UNTIL} is over, and after`, "refused; schema and role dropped", ""]);
  });

  test("leaves a tombstone row, with which and without which all outputs are the same", async () => {
    expect(moveTo(await synthesize("purged", { ...TENANT, state: "purged", retainUntil: RETAIN_UNTIL }))).toEqual(
      NO_DIFFERENCE,
    );
    expect(moveTo(cluster.outDir)).toEqual(NO_DIFFERENCE);
    rows.push(["the row purged, then deleted", "nothing to apply", ""]);
  });
});

/** Outcomes of each host. */
function kindsOf({ outcomes }: Tally): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(outcomes).map(([host, counts]) => [host, Object.keys(counts).sort()]));
}

describe("the neighbours", () => {
  const allWell = Object.fromEntries(neighbours.map((host) => [host, ["HTTP 200"]]));

  test("have had every request answered all the while", async () => {
    const tally = await load?.stop();
    load = undefined;
    if (tally === undefined) {
      throw new Error("no load was started");
    }
    expect(kindsOf(tally)).toEqual(allWell);
    const total = countOf(tally, () => true);
    rows.push([
      `meanwhile: a steady load on ${neighbours.length} other tenants`,
      `${measured(total, "requests")}, ${total - countOf(tally, (outcome) => outcome === "HTTP 200")} without HTTP 200`,
      `slowest ${measured(tally.slowestMilliseconds, "ms")}`,
    ]);
  });

  test("would not have, had the VirtualService of one of them been gone for a moment", async () => {
    const [victim = ""] = neighbours;
    const namespace = namespaceName(FLEET[0]?.id ?? "");
    const route = cluster.manifests
      .map(({ object }) => object)
      .find((object) => isRoute(object) && object.metadata.namespace === namespace);
    if (route === undefined) {
      throw new Error(`${namespace} has no VirtualService`);
    }
    const counted = Load.start(world, neighbours, PATH);
    try {
      await sleep(2_000);
      await deleteAll(cluster, [route]);
      await answerOf(victim, 404);
      await sleep(1_000);
    } finally {
      await applyAll(cluster, [route]);
      await answerOf(victim, 200);
    }
    const tally = await counted.stop();
    expect(kindsOf(tally)).toEqual({ ...allWell, [victim]: ["HTTP 200", "HTTP 404"] });
    rows.push(["counter-check: one VirtualService deleted for a moment", "its host's errors are counted", ""]);
  });
});
