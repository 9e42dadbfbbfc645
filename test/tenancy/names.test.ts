import fc from "fast-check";

import { ENVIRONMENTS } from "../../config";
import {
  dashboardName,
  dashboardUid,
  databaseRole,
  databaseSchema,
  hostName,
  iamRoleName,
  MAX_ID_LENGTH,
  MIN_ID_LENGTH,
  NAME_LIMITS,
  namespaceName,
  shardStackName,
} from "../../tenancy";
import { tenantRow } from "../../tenancy/row";

/** Every id that the schema takes. */
const ids = fc
  .stringMatching(new RegExp(`^[a-z0-9][a-z0-9-]{${MIN_ID_LENGTH - 2},${MAX_ID_LENGTH - 2}}[a-z0-9]$`))
  .filter((id) => tenantRow.shape.id.safeParse(id).success);

const domains = Object.values(ENVIRONMENTS).map((environment) => environment.domain);

describe("names of a tenant", () => {
  test("keep to the limit of the system that takes them, for every id", () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(namespaceName(id).length).toBeLessThanOrEqual(NAME_LIMITS.namespace);
        expect(databaseRole(id).length).toBeLessThanOrEqual(NAME_LIMITS.postgresql);
        expect(databaseSchema(id).length).toBeLessThanOrEqual(NAME_LIMITS.postgresql);
        expect(iamRoleName(id).length).toBeLessThanOrEqual(NAME_LIMITS.iamRole);
        expect(dashboardName(id).length).toBeLessThanOrEqual(NAME_LIMITS.namespace);
        expect(dashboardUid(id).length).toBeLessThanOrEqual(NAME_LIMITS.grafanaUid);
        for (const domain of domains) {
          expect(hostName(id, domain).length).toBeLessThanOrEqual(NAME_LIMITS.host);
        }
      }),
    );
  });

  test("are legal where they are used, for every id", () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(namespaceName(id)).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
        expect(databaseRole(id)).toMatch(/^[a-z_][a-z0-9_]*$/);
        expect(iamRoleName(id)).toMatch(/^[\w+=,.@-]+$/);
      }),
    );
  });

  test("are never shared by two ids", () => {
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        fc.pre(one !== other);
        for (const name of [namespaceName, databaseRole, databaseSchema, iamRoleName, dashboardName, dashboardUid]) {
          expect(name(one)).not.toBe(name(other));
        }
      }),
    );
  });

  test("are the brief's: schema tenant_<id>", () => {
    expect(databaseSchema("acme-corp")).toBe("tenant_acme_corp");
    expect(namespaceName("acme-corp")).toBe("tenant-acme-corp");
    expect(hostName("acme-corp", "taskflow.example.com")).toBe("acme-corp.taskflow.example.com");
    expect(iamRoleName("acme-corp")).toBe("taskflow-tenant-acme-corp");
  });
});

describe("names of shards", () => {
  test("do not change when there are more shards", () => {
    expect(shardStackName(7)).toBe("tenants-07");
    expect(shardStackName(19)).toBe("tenants-19");
    expect(shardStackName(199)).toBe("tenants-199");
  });
});
