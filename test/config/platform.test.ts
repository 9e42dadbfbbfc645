import { checkedEnvironment, type Environment, ENVIRONMENTS, InputError, loadEnvironment } from "../../config";

describe("environments", () => {
  test("production is the default", () => {
    expect(loadEnvironment(undefined)).toBe(ENVIRONMENTS.production);
    expect(loadEnvironment("staging").name).toBe("staging");
  });

  test("one with a setting that cannot be is refused", () => {
    const { savings } = ENVIRONMENTS.staging;
    const replaced = jest.replaceProperty(ENVIRONMENTS as Record<string, Environment>, "staging", {
      ...ENVIRONMENTS.staging,
      savings: { ...savings, spotShare: 2 },
    });
    expect(() => loadEnvironment("staging")).toThrow(
      new InputError("config/platform.ts, staging: savings.spotShare is 2; allowed: 0 to 1"),
    );
    replaced.restore();
  });

  test("a second region that cannot take over is refused, with everything that keeps it from it", () => {
    const { staging } = ENVIRONMENTS;
    const secondary = {
      ...staging.secondary,
      region: staging.region,
      cluster: staging.cluster,
      database: { ...staging.database, allocatedStorageGib: 50 },
    };
    expect(() => checkedEnvironment({ ...staging, secondary: { ...secondary, role: "standby" } })).toThrow(
      new InputError(
        [
          'config/platform.ts, staging: secondary.region is "ap-northeast-1"; allowed: another region than ap-northeast-1',
          'config/platform.ts, staging: secondary.cluster.name is "taskflow-eks"; allowed: another than taskflow-eks',
          "config/platform.ts, staging: secondary.database.allocatedStorageGib is 50; " +
            "allowed: 100 or more: it holds a copy of the primary's",
        ].join("\n"),
      ),
    );
    expect(() => checkedEnvironment({ ...staging, secondary })).not.toThrow();
  });

  test.each(["prod", "", "toString"])("an unknown environment is an error that lists the known: %j", (name) => {
    expect(() => loadEnvironment(name)).toThrow(
      new Error(`TASKFLOW_ENV: unknown environment ${JSON.stringify(name)}; allowed: production, staging`),
    );
  });
});
