import { nodeCapacity } from "../../../tools/limits/node-capacity";

describe("nodeCapacity", () => {
  test("leaves what kubelet, kernel, eviction and DaemonSets do not take", () => {
    expect(nodeCapacity("m6i.large")).toEqual({ pods: 102, cpuMilli: 1_395, memoryMi: 5_812 });
    expect(nodeCapacity("m6i.xlarge")).toEqual({ pods: 102, cpuMilli: 3_395, memoryMi: 13_594 });
  });

  test("throws for an instance type of unknown size, naming those it knows", () => {
    expect(() => nodeCapacity("t3.micro")).toThrow(
      'config/platform.ts: size of instance type "t3.micro" is unknown; ' +
        "known: m5.large, m5a.large, m6a.large, m6i.large, m6i.xlarge, m7i.large",
    );
  });
});
