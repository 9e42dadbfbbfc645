import { ENVIRONMENTS, type SecondaryRole } from "../../../config";
import { parseTenants } from "../../../tenancy";
import { estimate } from "../../../tools/cost/estimate";
import { generateRows, tenantsJson } from "../../support/fleet";
import { inTwoRegions } from "../../support/regions";

const tenants = parseTenants(tenantsJson(generateRows(20)), ENVIRONMENTS.production, "tenants.json");
const linesIn = (role: SecondaryRole) => estimate(inTwoRegions(role), tenants).lines;

describe("the cost of a second region", () => {
  const [own, both] = [linesIn("off"), linesIn("standby")];
  const usdOf = (id: string): number => both.find((line) => line.id === id)?.usd ?? NaN;

  test("is one line beside those of the first, which stay as they are", () => {
    expect(both.filter(({ id }) => id !== "second-region")).toEqual(own);
    expect(both).toHaveLength(own.length + 1);
  });

  test("is a control plane, a replica with its storage, a way in and nodes, and no tenant's pods", () => {
    const fixed = ["eks", "database", "database-storage", "proxy", "load-balancer", "nat"];
    const least = fixed.reduce((sum, id) => sum + usdOf(id), 0);
    expect(usdOf("second-region")).toBeGreaterThan(least);
    expect(usdOf("second-region")).toBeLessThan(own.reduce((sum, { usd }) => sum + usd, 0));
  });
});
