import { ENVIRONMENTS, loadEnvironment } from "../../config";

describe("environments", () => {
  test("production is the default", () => {
    expect(loadEnvironment(undefined)).toBe(ENVIRONMENTS.production);
    expect(loadEnvironment("staging").name).toBe("staging");
  });

  test.each(["prod", "", "toString"])("an unknown environment is an error that lists the known: %j", (name) => {
    expect(() => loadEnvironment(name)).toThrow(
      new Error(`TASKFLOW_ENV: unknown environment ${JSON.stringify(name)}; allowed: production, staging`),
    );
  });
});
