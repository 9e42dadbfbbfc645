import { handler, handlerOf } from "../../../functions/tenant-onboarding/src/handler";
import { provision, REQUEST, World } from "./fixture";

describe("handler", () => {
  let world: World;
  let lines: string[];
  const run = (event: unknown) => handlerOf(() => world.onboarding)(event);
  const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

  beforeEach(() => {
    world = new World();
    lines = [];
    jest.spyOn(process.stdout, "write").mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test("logs one line for each event, with names and states alone", async () => {
    await run(provision());
    expect(logged()).toEqual([
      {
        level: "info",
        tenant: "lotus-care",
        request: REQUEST,
        action: "provision",
        status: "in_progress",
        durationMs: expect.any(Number),
      },
    ]);
  });

  test("counts what the platform failed at as an error, once", async () => {
    await run(provision());
    const report = {
      source: "taskflow.ci",
      "detail-type": "TenantOnboardingReport",
      detail: { tenant_id: "lotus-care", request_id: REQUEST, status: "failed", failure: "deploy", run: "1" },
    };
    await run(report);
    await run({ action: "status", tenant_id: "lotus-care", request_id: REQUEST });
    expect(logged().map(({ level }) => level)).toEqual(["info", "error", "info"]);
  });

  test("tells a caller what is wrong with the request, and counts it as a warning", async () => {
    await expect(run(provision({ tier: "gold" }))).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    expect(logged()).toMatchObject([{ level: "warn", code: "INVALID_REQUEST" }]);
  });

  test("gives an unexpected error a code", async () => {
    world.ci = () => Promise.reject(new TypeError("broken"));
    await expect(run(provision())).rejects.toMatchObject({ code: "INTERNAL", message: "INTERNAL: TypeError: broken" });
    expect(logged()).toMatchObject([{ level: "error", code: "INTERNAL" }]);
  });

  test("names the variable of its environment that is missing", async () => {
    await expect(handler(provision())).rejects.toThrow("INTERNAL: environment variable TASKFLOW_ENV is missing");
  });
});
