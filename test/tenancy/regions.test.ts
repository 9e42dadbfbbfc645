import { type Environment, ENVIRONMENTS } from "../../config";
import { databaseShortfalls, homeRegions, parseTenants, tenantsIn } from "../../tenancy";
import { generateRows, tenantsJson } from "../support/fleet";
import { inTwoRegions, secondaryOf } from "../support/regions";

const environment = inTwoRegions("standby", { own: true });
const tenants = parseTenants(
  tenantsJson([
    { id: "free", name: "Free", tier: "starter" },
    { id: "resting", name: "Resting", tier: "starter", state: "suspended" },
    { id: "tokyo", name: "Tokyo", tier: "starter", region: "ap-northeast-1" },
    { id: "virginia", name: "Virginia", tier: "starter", region: "us-east-1" },
  ]),
  environment,
  "tenants.json",
);

/** `<id> <state>`, with what else is to be said of the tenant in a region. */
const stands = (region: Environment): readonly string[] =>
  tenantsIn(region, tenants).map(({ tenant, home, standby }) =>
    [tenant.id, tenant.state, home ? "home" : "guest", ...(standby ? ["standby"] : [])].join(" "),
  );

describe("tenants in two regions", () => {
  test("without a second region all stand in the one", () => {
    expect(tenantsIn(ENVIRONMENTS.production, tenants).filter(({ tenant }) => tenant.region !== "us-east-1")).toEqual(
      tenants.filter(({ region }) => region !== "us-east-1").map((tenant) => ({ tenant, home: true, standby: false })),
    );
  });

  test("those of no pinned region run in the primary, and wait in the standby without pods", () => {
    expect(stands(environment)).toEqual(["free active home", "resting suspended home", "tokyo active home"]);
    expect(stands(secondaryOf(environment))).toEqual([
      "free suspended guest standby",
      "resting suspended guest standby",
      "virginia active home",
    ]);
  });

  test("once the second region serves, they run there, and a pinned tenant does not move", () => {
    const serving = inTwoRegions("serving", { own: true });
    expect(stands(serving)).toEqual(["free suspended home", "resting suspended home", "tokyo active home"]);
    expect(stands(secondaryOf(serving))).toEqual([
      "free active guest",
      "resting suspended guest",
      "virginia active home",
    ]);
  });

  test("a row may name the second region only if that has a database of its own", () => {
    expect(homeRegions(environment)).toEqual(["ap-northeast-1", "us-east-1"]);
    expect(homeRegions(inTwoRegions("standby"))).toEqual(["ap-northeast-1"]);
    expect(homeRegions({ ...environment, secondary: { ...environment.secondary, role: "off" } })).toEqual([
      "ap-northeast-1",
    ]);
  });

  test("each database is held against the tenants that it has", () => {
    const many = (region?: "us-east-1") =>
      parseTenants(
        tenantsJson(generateRows(300).map((row) => ({ ...row, ...(region ? { region } : {}) }))),
        environment,
        "tenants.json",
      );
    const small = { ...environment.database, instanceClass: "db.t4g.medium" };
    const withSmall = (key: "database" | "ownDatabase"): Environment => ({
      ...environment,
      secondary: { ...environment.secondary, [key]: small },
    });
    const places = (of: Environment, fleet: typeof tenants) =>
      databaseShortfalls(of, fleet).map((shortfall) => shortfall.split(":")[0]);
    expect(places(environment, many())).toEqual([]);
    expect(places(withSmall("database"), many())).toEqual(["secondary.database.instanceClass"]);
    expect(places(withSmall("database"), many("us-east-1"))).toEqual([]);
    expect(places(withSmall("ownDatabase"), many("us-east-1"))).toEqual(["secondary.ownDatabase.instanceClass"]);
    expect(places({ ...environment, database: small }, many("us-east-1"))).toEqual([]);
  });
});
