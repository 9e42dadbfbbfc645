import { ClusterAccess } from "../../../constructs/cluster";
import { resourcesOf, synthConstruct } from "../../support/synth";
import { account, resolved } from "../../support/cluster";

describe("ClusterAccess", () => {
  const json = synthConstruct((scope) => {
    new ClusterAccess(scope, "access", {
      account: account(scope),
      clusterName: "taskflow-eks",
      operatorRoles: ["taskflow-operator", "aws-reserved/sso/Admin"],
    });
  });

  test("grants CI's deploy role and the operators administration, CI's plan role reading, and nobody else anything", () => {
    const grants = Object.values(resourcesOf(json, "aws_eks_access_policy_association")).map((grant) => [
      resolved(grant["policy_arn"] as string).split("/")[1],
      grant["access_scope"],
      grant["principal_arn"],
    ]);
    const entry = (id: string) =>
      expect.stringMatching(new RegExp(`aws_eks_access_entry\\.access_${id}_.*principal_arn`));
    expect(grants).toEqual(
      expect.arrayContaining([
        ["AmazonEKSClusterAdminPolicy", { type: "cluster" }, entry("deploy")],
        ["AmazonEKSAdminViewPolicy", { type: "cluster" }, entry("plan")],
        ["AmazonEKSClusterAdminPolicy", { type: "cluster" }, entry("taskflow-operator")],
        ["AmazonEKSClusterAdminPolicy", { type: "cluster" }, entry("aws-reserved-sso-Admin")],
      ]),
    );
    expect(grants).toHaveLength(4);
  });

  test("names principals by the account that the plan runs in", () => {
    const principals = Object.values(resourcesOf(json, "aws_eks_access_entry")).map((entry) =>
      resolved(entry["principal_arn"] as string),
    );
    expect(principals.sort()).toEqual([
      "arn:aws:iam::111122223333:role/aws-reserved/sso/Admin",
      "arn:aws:iam::111122223333:role/taskflow-deploy",
      "arn:aws:iam::111122223333:role/taskflow-operator",
      "arn:aws:iam::111122223333:role/taskflow-plan",
    ]);
  });
});
