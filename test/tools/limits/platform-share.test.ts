import { type Environment, ENVIRONMENTS } from "../../../config";
import { SERIES as PLANNED_SERIES } from "../../../constructs/observability/metrics-plan";
import { parseFleet } from "../../../tools/limits/fleet-file";
import { measureFleet } from "../../../tools/limits/fleet";
import { DAEMON_SETS } from "../../../tools/limits/node-capacity";
import { PLATFORM_PODS, PLATFORM_USE } from "../../../tools/limits/platform-share";
import { DASHBOARD_KIB, SERIES, USE } from "../../../tools/limits/use";
import { tenantsJson } from "../../support/fleet";
import { synthPlatform } from "../../support/platform";
import { inTwoRegions } from "../../support/regions";
import { type ResourceJson, resourcesOf, type StackJson } from "../../support/synth";

const ROWS = [{ id: "acme", name: "Acme", tier: "standard" } as const];

const STACKS: readonly (readonly [string, StackJson])[] = [...synthPlatform(ROWS)]
  .filter(([path]) => path.endsWith("cdk.tf.json"))
  .map(([path, text]) => [path, JSON.parse(text) as StackJson]);

/** All resources of a type, of the stacks whose path fits. */
function resources(type: string, stack: RegExp = /^/): readonly ResourceJson[] {
  return STACKS.filter(([path]) => stack.test(path)).flatMap(([, json]) =>
    Object.values((json.resource?.[type] ?? {}) as Record<string, ResourceJson>),
  );
}

function ofPlatform(type: string): number {
  return resources(type, /^stacks\/(?!tenants-)/).length;
}

/** Resources that come and go without a limit or a price being another: the figures are rounded up. */
const TOLERANCE = 10;

/** Values of a chart's release. */
function valuesOf(release: string): ResourceJson {
  const found = resources("helm_release").find(({ name }) => String(name) === release);
  if (found === undefined) {
    throw new Error(`no release ${release}`);
  }
  return JSON.parse((found["values"] as readonly string[])[0] ?? "{}") as ResourceJson;
}

/** Where the charts' values say what a replica requests: release, path, and how many there are. */
const IN_VALUES: Readonly<Record<string, readonly [string, string]>> = {
  istiod: ["istiod", "resources"],
  "cluster-autoscaler": ["cluster-autoscaler", "resources"],
  "aws-load-balancer-controller": ["aws-load-balancer-controller", "resources"],
  "metrics-server": ["metrics-server", "resources"],
  "cert-manager": ["cert-manager", "resources"],
  "cert-manager-webhook": ["cert-manager", "webhook.resources"],
  "cert-manager-cainjector": ["cert-manager", "cainjector.resources"],
  flagger: ["flagger", "resources"],
  "istio-ingressgateway": ["istio-ingressgateway", "resources"],
  "prometheus-operator": ["kube-prometheus-stack", "prometheusOperator.resources"],
  "kube-state-metrics": ["kube-prometheus-stack", "kube-state-metrics.resources"],
  kiali: ["kiali", "deployment.resources"],
  jaeger: ["jaeger", "jaeger.resources"],
};

function at(
  values: ResourceJson,
  path: string,
): { readonly requests: { readonly cpu: string; readonly memory: string } } {
  return path.split(".").reduce<ResourceJson>((value, key) => value[key] as ResourceJson, values) as never;
}

function milli(cpu: string): number {
  return cpu.endsWith("m") ? Number.parseInt(cpu, 10) : Number(cpu) * 1_000;
}

function mebibytes(memory: string): number {
  return Number.parseInt(memory, 10) * (memory.endsWith("Gi") ? 1_024 : 1);
}

describe("the platform's own share", () => {
  test.each([
    ["targetGroups", "aws_lb_target_group"],
    ["elasticIps", "aws_eip"],
    ["databaseProxies", "aws_db_proxy"],
    ["dnsRecords", "aws_route53_record"],
  ] as const)("has exactly as many %s as the stacks have %s", (use, type) => {
    expect(PLATFORM_USE[use]).toBe(ofPlatform(type));
  });

  test.each([
    ["iamRoles", "aws_iam_role"],
    ["iamPolicies", "aws_iam_policy"],
    ["podIdentityAssociations", "aws_eks_pod_identity_association"],
    ["alarms", "aws_cloudwatch_metric_alarm"],
    ["keys", "aws_kms_key"],
    ["securityGroups", "aws_security_group"],
    ["namespaces", "kubernetes_namespace_v1"],
  ] as const)("has about as many %s as the stacks have %s, and not less", (use, type) => {
    const count = ofPlatform(type);
    expect(PLATFORM_USE[use]).toBeGreaterThanOrEqual(count);
    expect(PLATFORM_USE[use]).toBeLessThanOrEqual(count + TOLERANCE);
  });

  test("has in a second region about as many IAM roles as that region's stacks add, and not less", () => {
    const roles = (environment?: Environment): number =>
      [...synthPlatform(ROWS, environment)]
        .filter(([path]) => path.endsWith("cdk.tf.json"))
        .flatMap(([, text]) => Object.values(resourcesOf(JSON.parse(text) as StackJson, "aws_iam_role"))).length;
    const added = roles(inTwoRegions("standby", { own: true })) - roles();
    expect(added).toBeGreaterThan(0);
    expect(PLATFORM_USE.iamRolesOfSecondRegion).toBeGreaterThanOrEqual(added);
    expect(PLATFORM_USE.iamRolesOfSecondRegion).toBeLessThanOrEqual(added + TOLERANCE);
  });

  test("has the stacks' interface endpoints", () => {
    const types = resources("aws_vpc_endpoint").map((endpoint) => String(endpoint["vpc_endpoint_type"]));
    expect(PLATFORM_USE.interfaceEndpoints).toBe(types.filter((type) => type === "Interface").length);
  });

  test.each(Object.entries(IN_VALUES))("requests for %s what its chart is told", (name, [release, path]) => {
    const { requests } = at(valuesOf(release), path);
    expect(PLATFORM_PODS.find((pods) => pods.name === name)).toMatchObject({
      cpuMilli: milli(requests.cpu),
      memoryMi: mebibytes(requests.memory),
    });
  });

  test("requests for Prometheus and its reloader what the chart is told", () => {
    const values = valuesOf("kube-prometheus-stack");
    const { requests } = at(values, "prometheus.prometheusSpec.resources");
    const reloader = at(values, "prometheusOperator.prometheusConfigReloader.resources").requests;
    expect(PLATFORM_PODS.find(({ name }) => name === "prometheus")).toMatchObject({
      pool: "enterprise",
      replicas: 2,
      cpuMilli: milli(requests.cpu) + milli(reloader.cpu),
      memoryMi: mebibytes(requests.memory) + mebibytes(reloader.memory),
    });
  });

  test.each([
    ["istio-cni", "istio-cni", "resources"],
    ["prometheus-node-exporter", "kube-prometheus-stack", "prometheus-node-exporter.resources"],
  ])("requests for DaemonSet %s what its chart is told", (name, release, path) => {
    const { requests } = at(valuesOf(release), path);
    expect(DAEMON_SETS.find((daemonSet) => daemonSet.name === name)).toMatchObject({
      cpuMilli: milli(requests.cpu),
      memoryMi: mebibytes(requests.memory),
    });
  });

  test("plans more for a dashboard than a tenant's takes", () => {
    const dashboards = resources("kubernetes_config_map_v1").flatMap((map) => Object.values(map["data"] as object));
    const largest = Math.max(...dashboards.map((text) => Buffer.byteLength(String(text)) / 1_024));
    expect(largest).toBeGreaterThan(1);
    expect(largest).toBeLessThan(DASHBOARD_KIB);
  });
});

describe("the use of Prometheus", () => {
  test("counts series as the plan of its memory does", () => {
    expect(SERIES).toEqual(PLANNED_SERIES);
    const environment = ENVIRONMENTS.production;
    const { tenants } = parseFleet(tenantsJson(ROWS), environment, "tenants.json");
    const series = USE["prometheus-series"](measureFleet(environment, tenants));
    const { platform, perTenant, perPod, perTenantAndGateway, recordedPerTenant } = PLANNED_SERIES;
    expect(series).toBe(platform + perTenant + recordedPerTenant + 6 * perPod + 15 * perTenantAndGateway);
  });
});
