import { MONITOR, PROVISIONER } from "../../../constructs/database/users";
import * as functionUsers from "../../../functions/tenant-database/src";

describe("users that the stacks let in", () => {
  test("are those that the tenant-database function makes", () => {
    expect({ MONITOR, PROVISIONER }).toEqual({
      MONITOR: functionUsers.MONITOR,
      PROVISIONER: functionUsers.PROVISIONER,
    });
  });
});
