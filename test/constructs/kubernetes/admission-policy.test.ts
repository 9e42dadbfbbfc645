import { admissionPolicy, cel } from "../../../constructs/kubernetes";

describe("admissionPolicy", () => {
  const [policy, binding] = admissionPolicy({
    name: "tenant-services",
    resources: [{ apiGroups: [""], resources: ["services"], operations: ["CREATE", "UPDATE"] }],
    conditions: { tenant: "a" },
    variables: { ips: "b", count: "variables.ips.size()" },
    validations: [{ expression: "c", messageExpression: "d" }],
  });

  test("fails closed, in every version of the kinds, for whoever asks", () => {
    expect(policy?.spec).toEqual({
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          { apiGroups: [""], resources: ["services"], operations: ["CREATE", "UPDATE"], apiVersions: ["*"] },
        ],
      },
      matchConditions: [{ name: "tenant", expression: "a" }],
      // In order: a variable may read those before it.
      variables: [
        { name: "ips", expression: "b" },
        { name: "count", expression: "variables.ips.size()" },
      ],
      validations: [{ expression: "c", messageExpression: "d", reason: "Forbidden" }],
    });
  });

  test("is in force by a binding of its name that refuses, in all namespaces", () => {
    expect(binding).toEqual({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name: "tenant-services" },
      spec: { policyName: "tenant-services", validationActions: ["Deny"] },
    });
  });

  test("looks at every request where no condition is given", () => {
    const [plain] = admissionPolicy({ name: "a", resources: [], validations: [] });
    expect(plain?.spec).toMatchObject({ matchConditions: [], variables: [] });
  });
});

test("a text in CEL cannot end early", () => {
  expect(cel('a"b\\')).toBe('"a\\"b\\\\"');
  expect(cel(["a", "b"])).toBe('["a","b"]');
});
