import { type Environment, ENVIRONMENTS, InputError, loadEnvironment } from "../../config";

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

  test.each(["prod", "", "toString"])("an unknown environment is an error that lists the known: %j", (name) => {
    expect(() => loadEnvironment(name)).toThrow(
      new Error(`TASKFLOW_ENV: unknown environment ${JSON.stringify(name)}; allowed: production, staging`),
    );
  });
});
