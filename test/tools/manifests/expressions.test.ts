import { Expressions } from "../../../tools/manifests/expressions";
import type { Json, JsonObject } from "../../../tools/manifests/json";

const app: JsonObject = {
  locals: { region: "ap-northeast-1", greeting: "hello ${local.region}", loop: "${local.loop}", ports: [80, 443] },
  variable: { domain: { default: "taskflow.example" } },
  data: { terraform_remote_state: { "cross-stack-reference-input-vpc": {} } },
  resource: {
    kubernetes_namespace_v1: { acme: { metadata: { name: "tenant-acme" } } },
    kubernetes_service_account_v1: { web: { metadata: { name: "web", namespace: "${local.region}" } } },
    aws_subnet: { db: { cidr_block: "10.0.200.0/24", tags: { "a.b": "c" } } },
  },
};
const vpc: JsonObject = {
  output: {
    "cross-stack-output-cidr": { value: "${aws_vpc.main.cidr_block}" },
    "cross-stack-output-arn": { value: "${aws_vpc.main.arn}" },
  },
  resource: { aws_vpc: { main: { cidr_block: "10.0.0.0/16" } } },
};

function resolve(value: Json): Json {
  return new Expressions([
    { name: "app", document: app },
    { name: "vpc", document: vpc },
  ]).resolve("app", value);
}

const REMOTE = "data.terraform_remote_state.cross-stack-reference-input-vpc.outputs.cross-stack-output";

describe("Terraform expressions", () => {
  test.each<[string, string, Json]>([
    ["a local", "${local.region}", "ap-northeast-1"],
    ["a local that uses another", "${local.greeting}!", "hello ap-northeast-1!"],
    ["a list's element keeps its type", "${local.ports[1]}", 443],
    ["a variable's default", "https://${var.domain}/", "https://taskflow.example/"],
    ["a block written as an object", "${kubernetes_namespace_v1.acme.metadata[0].name}", "tenant-acme"],
    ["a resource's argument", "${aws_subnet.db.cidr_block}", "10.0.200.0/24"],
    ["a quoted key", '${aws_subnet.db.tags["a.b"]}', "c"],
    ["a Kubernetes id", "${kubernetes_namespace_v1.acme.id}", "tenant-acme"],
    ["another stack's output", `\${${REMOTE}-cidr}`, "10.0.0.0/16"],
    ["another stack's output that the apply makes", `\${${REMOTE}-arn}`, "known-after-apply"],
    ["an attribute that the apply makes", "arn: ${aws_subnet.db.arn}", "arn: known-after-apply"],
    ["a function, with braces and quotes inside", '${join("}", [local.a, "${local.b}"])}-x', "known-after-apply-x"],
    ["a cycle", "${local.loop}", "known-after-apply"],
    ["an escaped interpolation", "$${request.host} %%{x}", "${request.host} %{x}"],
    ["text without any", "$1 {a}", "$1 {a}"],
  ])("%s", (_, source, expected) => {
    expect(resolve(source)).toEqual(expected);
  });

  test("of names that the stack lacks are refused: Terraform would not plan them", () => {
    expect(() => resolve("rate over ${__interval}")).toThrow(
      'app: "${__interval}" refers to nothing in the stack; a plain ${ is written $${',
    );
    expect(() => resolve("${local.missing}")).toThrow('app: "${local.missing}" refers to nothing');
  });

  test("are replaced in keys, lists and nested values alike", () => {
    expect(resolve({ "${local.region}": ["${local.region}", { deep: "${aws_subnet.db.id}" }], n: 1 })).toEqual({
      "ap-northeast-1": ["ap-northeast-1", { deep: "known-after-apply" }],
      n: 1,
    });
  });
});
