import { ENVIRONMENTS } from "../../../config";
import { zonesOf } from "../../../constructs/network/zones";

const plan = ENVIRONMENTS.production.network;

describe("zonesOf", () => {
  test("gives each zone its three subnets, whatever their order in the plan", () => {
    const zones = zonesOf({ ...plan, databaseSubnets: [...plan.databaseSubnets].reverse() });

    expect(zones[0]).toEqual({
      name: "ap-northeast-1a",
      publicCidr: "10.0.0.0/20",
      privateCidr: "10.0.128.0/20",
      databaseCidr: "10.0.200.0/24",
    });
    expect(zones.map((zone) => zone.name)).toEqual(["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]);
  });

  test("names every fault of a plan at once", () => {
    const broken = {
      ...plan,
      publicSubnets: plan.publicSubnets.slice(0, 2),
      privateSubnets: [...plan.privateSubnets, { availabilityZone: "ap-northeast-1a", cidr: "10.1.0.0/20" }],
    };

    expect(() => zonesOf(broken)).toThrow(
      "network plan: 10.1.0.0/20 is not part of 10.0.0.0/16; ap-northeast-1a: more than one private subnet; " +
        "ap-northeast-1d: no public subnet",
    );
  });
});
