import { adapt } from "../../../functions/tenant-database/src/connection";
import { handler } from "../../../functions/tenant-database/src/handler";
import { tenant } from "./fixture";

const ENVIRONMENT = {
  // A port that nothing listens on: an event that gets so far was accepted.
  DATABASE_HOST: "127.0.0.1",
  DATABASE_PORT: "1",
  DATABASE_NAME: "taskflow",
  AWS_REGION: "ap-northeast-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "sign-with-this",
  MASTER_SECRET_ARN: "",
};

describe("handler", () => {
  const before = process.env;
  let lines: string[];

  beforeEach(() => {
    process.env = { ...before, ...ENVIRONMENT };
    lines = [];
    jest.spyOn(process.stdout, "write").mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
  });
  afterEach(() => {
    process.env = before;
    jest.restoreAllMocks();
  });

  const create = (rest: object) => ({
    tenant: { ...tenant("acme"), ...rest },
    tf: { action: "create", prev_input: null },
  });

  const bringBack = (rest: object) => ({
    action: "restore",
    tenant: tenant("acme"),
    source: { host: "taskflow-restore.abc123.ap-northeast-1.rds.amazonaws.com" },
    requestedAt: "2026-11-28T10:55:07Z",
    ...rest,
  });

  test.each([
    ["no object", "text", 'event: invalid value "text"; allowed: an object'],
    ["no action", { tenant: tenant("acme") }, "tf: missing; allowed: an object"],
    [
      "an unknown action",
      { action: "drop" },
      'action: invalid value "drop"; allowed: bootstrap, create, update, delete, purge or restore',
    ],
    ["no id", create({ id: undefined }), "tenant.id: missing; allowed: a DNS label of 3 to 40 characters"],
    [
      "an id with a quote",
      create({ id: 'a"b' }),
      'tenant.id: invalid value "a\\"b"; allowed: a DNS label of 3 to 40 characters',
    ],
    [
      "another tenant's schema",
      create({ schema: "tenant_other" }),
      'tenant.schema: invalid value "tenant_other"; allowed: "tenant_acme"',
    ],
    [
      "another tenant's role",
      create({ role: "postgres" }),
      'tenant.role: invalid value "postgres"; allowed: "tenant_acme"',
    ],
    [
      "the provisioner's name",
      create(tenant("provisioner")),
      'tenant.id: invalid value "provisioner"; allowed: an id that is not the provisioner\'s name',
    ],
    [
      "a state of another action",
      create({ state: "purged" }),
      'tenant.state: invalid value "purged"; allowed: "active" or "suspended"',
    ],
    [
      "unlimited connections",
      create({ connectionLimit: -1 }),
      "tenant.connectionLimit: invalid value -1; allowed: a whole number from 1 to 1000",
    ],
    [
      "a timeout of no time",
      create({ statementTimeoutMs: 0 }),
      "tenant.statementTimeoutMs: invalid value 0; allowed: a whole number from 100 to 3600000",
    ],
    [
      "a purge without its date",
      { action: "purge", tenant: { ...tenant("acme"), state: "purged" } },
      "retainUntil: missing; allowed: a date like 2027-03-31",
    ],
    [
      "a purge on no day",
      { action: "purge", tenant: { ...tenant("acme"), state: "purged" }, retainUntil: "2027-13-01" },
      'retainUntil: invalid value "2027-13-01"; allowed: a date like 2027-03-31',
    ],
    [
      "a source of another domain, which the login's token would be sent to",
      bringBack({ source: { host: "db.evil.example" } }),
      'source.host: invalid value "db.evil.example"; allowed: the endpoint of another RDS instance in ap-northeast-1',
    ],
    [
      "a source in another region",
      bringBack({ source: { host: "taskflow-restore.abc123.us-east-1.rds.amazonaws.com" } }),
      'source.host: invalid value "taskflow-restore.abc123.us-east-1.rds.amazonaws.com"; ' +
        "allowed: the endpoint of another RDS instance in ap-northeast-1",
    ],
    [
      "a restore of no instant",
      bringBack({ requestedAt: "2026-11-28" }),
      'requestedAt: invalid value "2026-11-28"; allowed: an instant like 2027-03-31T10:42:00Z',
    ],
    [
      "a restore without the tenant's limits",
      bringBack({ tenant: { ...tenant("acme"), connectionLimit: undefined } }),
      "tenant.connectionLimit: missing; allowed: a whole number from 1 to 1000",
    ],
  ])("an event with %s is refused before anything connects", async (_what, event, message) => {
    await expect(handler(event)).rejects.toThrow(`INVALID_INPUT: ${message}`);
  });

  test("the live instance is no source of a restore", async () => {
    const host = "taskflow.abc123.ap-northeast-1.rds.amazonaws.com";
    process.env["DATABASE_HOST"] = host;
    await expect(handler(bringBack({ source: { host } }))).rejects.toThrow(
      'INVALID_INPUT: source.host: invalid value "taskflow.abc123',
    );
  });

  test("bootstrap needs the master's secret", async () => {
    await expect(handler({ action: "bootstrap" })).rejects.toThrow(
      "DATABASE_FAILED: environment variable MASTER_SECRET_ARN is missing",
    );
  });

  test("a database out of reach is an error with its code, and one line that says whose and holds no secret", async () => {
    await expect(handler(create({}))).rejects.toMatchObject({
      name: "TenantDatabaseError",
      code: "DATABASE_FAILED",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "error", tenant: "acme", code: "DATABASE_FAILED" });
    expect(lines[0]).not.toMatch(/sign-with-this|X-Amz/);
  });

  test("of many statements the last one's rows come back", async () => {
    const query = jest.fn().mockResolvedValue([{ rows: [{ n: 1 }] }, { rows: [{ n: 2 }] }]);
    await expect(adapt({ query }).query("select 1; select 2")).resolves.toEqual({ rows: [{ n: 2 }] });
  });
});
