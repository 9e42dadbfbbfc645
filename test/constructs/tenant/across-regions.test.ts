import { type TenantRow, tenantsIn } from "../../../tenancy";
import { resolved } from "../../support/cluster";
import { inTwoRegions, secondaryOf } from "../../support/regions";
import { countResources, manifestOf, synthInRegion, tenantOf } from "../../support/tenants";
import { onlyResource, resourcesOf, type StackJson } from "../../support/synth";

/** One tenant in the second region, or in the first while there is a second. */
function synth(side: "primary" | "secondary", role: "standby" | "serving", row: Partial<TenantRow> = {}): StackJson {
  const primary = inTwoRegions(role, { own: true });
  const region = side === "primary" ? primary : secondaryOf(primary);
  const tenant = { ...tenantOf(), ...(row.region ? { region: row.region } : {}) };
  const [regional] = tenantsIn(region, [tenant]);
  if (regional === undefined) {
    throw new Error("the tenant does not stand there");
  }
  return synthInRegion(regional, region);
}

const replicas = (json: StackJson) =>
  Object.values(resourcesOf(json, "kubernetes_deployment_v1")).map(({ spec }) => spec.replicas as unknown);
const roleArns = (json: StackJson) =>
  new Set(
    Object.values(resourcesOf(json, "aws_eks_pod_identity_association")).map(({ role_arn }) =>
      resolved(role_arn as string),
    ),
  );

describe("Brief: Multi-region. A tenant in the second region", () => {
  test("waits there with its policies and identity, without pods, and answers 503", () => {
    const json = synth("secondary", "standby");
    expect(new Set(replicas(json))).toEqual(new Set(["0"]));
    expect(Object.keys(resourcesOf(json, "kubernetes_network_policy_v1"))).toHaveLength(4);
    expect(manifestOf(json, "VirtualService", "tenant")["spec"].http[0].directResponse).toMatchObject({
      status: 503,
    });
  });

  test("has the role that its home region makes, and no role there", () => {
    const json = synth("secondary", "standby");
    expect(resourcesOf(json, "aws_iam_role")).toEqual({});
    expect(roleArns(json)).toEqual(new Set(["arn:aws:iam::111122223333:role/taskflow-tenant-acme"]));
  });

  test("changes nothing in the replica, and is kept in it once that is the database", () => {
    expect(resourcesOf(synth("secondary", "standby"), "aws_lambda_invocation")).toEqual({});
    const { input } = onlyResource(synth("secondary", "serving"), "aws_lambda_invocation");
    expect(JSON.parse(input).tenant.state).toBe("active");
  });

  test("leaves its schema alone on the way back, when its part of the second region goes", () => {
    const { input, lifecycle_scope } = onlyResource(synth("secondary", "serving"), "aws_lambda_invocation");
    expect(lifecycle_scope).toBe("CREATE_ONLY");
    expect(JSON.parse(input).action).toBe("create");
  });

  test("runs there once the region serves, and is without pods and login in the first", () => {
    expect(new Set(replicas(synth("secondary", "serving")))).toEqual(new Set(["2"]));
    const fenced = synth("primary", "serving");
    expect(new Set(replicas(fenced))).toEqual(new Set(["0"]));
    expect(JSON.parse(onlyResource(fenced, "aws_lambda_invocation")["input"]).tenant.state).toBe("suspended");
  });

  test("its role is for both clusters and, as its own user, for both databases", () => {
    const json = synth("primary", "standby");
    const trust = JSON.parse(onlyResource(json, "aws_iam_role")["assume_role_policy"]);
    expect(trust.Statement[0].Condition.StringEquals).toEqual({
      "aws:RequestTag/eks-cluster-name": ["taskflow-eks", "taskflow-eks-dr"],
      "aws:RequestTag/kubernetes-namespace": "tenant-acme",
    });
    const policy = JSON.parse(resolved(onlyResource(json, "aws_iam_role_policy")["policy"]));
    expect(policy.Statement[0].Resource).toEqual([
      "arn:aws:rds-db:ap-northeast-1:111122223333:dbuser:prx-1/tenant_acme",
      "arn:aws:rds-db:us-east-1:111122223333:dbuser:*/tenant_acme",
    ]);
  });
});

describe("a tenant that its row pins to a region", () => {
  test.each(["ap-northeast-1", "us-east-1"] as const)(
    "has an address of its own in %s, for no failover moves it",
    (region) => {
      const json = synth(region === "us-east-1" ? "secondary" : "primary", "serving", { region });
      const record = onlyResource(json, "aws_route53_record");
      expect(record).toMatchObject({
        name: "acme.taskflow.example.com",
        type: "A",
        alias: { name: `${region}.region.taskflow.example.com`, evaluate_target_health: false },
      });
      expect(record["alias"].zone_id).toBe(record["zone_id"]);
      expect(new Set(replicas(json))).toEqual(new Set(["2"]));
      expect(Object.keys(resourcesOf(json, "aws_iam_role"))).toHaveLength(1);
    },
  );

  test("has a role for its own region alone", () => {
    const json = synth("secondary", "standby", { region: "us-east-1" });
    expect(onlyResource(json, "aws_iam_role_policy")["policy"]).not.toContain("dbuser:*");
  });
});

test("without a second region a tenant has nothing of it", () => {
  const alone = inTwoRegions("off");
  const json = synthInRegion({ tenant: { ...tenantOf(), region: alone.region }, home: true, standby: false }, alone);
  expect(resourcesOf(json, "aws_route53_record")).toEqual({});
  expect(countResources(json)).toBe(countResources(synth("primary", "standby")));
});
