import { EastWestGateway } from "../../../constructs/mesh";
import { NETWORK, resourceWith } from "../../support/cluster";
import { onlyResource, resourcesOf, synthInCluster } from "../../support/synth";
import { regions } from "./standby";
import { releaseOf, specOf, valuesOf } from "./support";

describe("EastWestGateway", () => {
  const json = synthInCluster(
    (scope) =>
      new EastWestGateway(scope, "gateway", {
        regions: regions(),
        network: NETWORK,
        domain: "taskflow.example.com",
        clusterSecurityGroupId: "sg-cluster",
        dependsOn: [],
      }),
  );
  const values = valuesOf(json, "istio-eastwestgateway");
  const portsOf = (rules: ReturnType<typeof resourcesOf>) =>
    Object.values(rules).map(({ cidr_ipv4, from_port, to_port }) => [cidr_ipv4, from_port, to_port]);

  test("passes mutual TLS on undecrypted, to the api-gateway and no other service", () => {
    expect(specOf(json, "Gateway")).toEqual({
      selector: { istio: "eastwestgateway" },
      servers: [
        {
          port: { number: 15443, name: "tls", protocol: "TLS" },
          hosts: ["api-gateway-primary.shared-services.svc.cluster.local"],
          tls: { mode: "AUTO_PASSTHROUGH" },
        },
      ],
    });
  });

  test("is in the region's network and knows endpoints of no other", () => {
    expect(values.labels).toEqual({ "topology.istio.io/network": "ap-northeast-1" });
    expect(values.env).toEqual({ ISTIO_META_REQUESTED_NETWORK_VIEW: "ap-northeast-1" });
  });

  test("the Service is inside the cluster only and has none of istiod's ports", () => {
    expect(values).not.toHaveProperty("networkGateway");
    expect(values.service.type).toBe("ClusterIP");
    expect(values.service.ports.map(({ port }: { port: number }) => port)).toEqual([15021, 15443]);
  });

  test("two replicas at least, spread over zones, and at most one is missing", () => {
    expect(values.autoscaling).toMatchObject({ enabled: true, minReplicas: 2 });
    expect(values.podDisruptionBudget).toEqual({ maxUnavailable: 1 });
    expect(values.topologySpreadConstraints[0]).toMatchObject({
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { istio: "eastwestgateway" } },
    });
  });

  test("drains before it is killed and passes Pod Security `restricted`", () => {
    const { terminationDrainDuration } = JSON.parse(values.podAnnotations["proxy.istio.io/config"]);
    const drain = Number.parseInt(terminationDrainDuration, 10);
    expect(values.lifecycle.preStop.sleep.seconds + drain).toBeLessThan(values.terminationGracePeriodSeconds);
    expect(values.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
  });

  describe("its load balancer", () => {
    test("is internal, in the private subnets, and passes TCP on", () => {
      expect(onlyResource(json, "aws_lb")).toMatchObject({
        load_balancer_type: "network",
        internal: true,
        subnets: ["subnet-a", "subnet-c", "subnet-d"],
        enable_deletion_protection: true,
        enable_cross_zone_load_balancing: true,
      });
      expect(onlyResource(json, "aws_lb_listener")).toMatchObject({ port: 15443, protocol: "TCP" });
    });

    test("admits the other region's private subnets on one port, and nobody else", () => {
      const rules = Object.entries(resourcesOf(json, "aws_vpc_security_group_ingress_rule"));
      const own = rules.filter(([, rule]) => rule["security_group_id"] !== "sg-cluster");
      expect(portsOf(Object.fromEntries(own))).toEqual([
        ["10.1.128.0/20", 15443, 15443],
        ["10.1.144.0/20", 15443, 15443],
        ["10.1.160.0/20", 15443, 15443],
      ]);
    });

    test("reaches the gateway's two ports in this region's private subnets, and nothing else", () => {
      const rules = portsOf(resourcesOf(json, "aws_vpc_security_group_egress_rule"));
      const subnets = ["10.0.128.0/20", "10.0.144.0/20", "10.0.160.0/20"];
      expect(rules.sort()).toEqual(subnets.flatMap((cidr) => [15021, 15443].map((port) => [cidr, port, port])));
    });

    test("has its name, which the other region's istiod resolves", () => {
      expect(onlyResource(json, "aws_route53_record")).toMatchObject({
        name: "ap-northeast-1.mesh.region.taskflow.example.com",
        type: "A",
        alias: { evaluate_target_health: false },
      });
    });

    test("sends from its own addresses, which NetworkPolicies name, and asks Envoy itself for its health", () => {
      expect(onlyResource(json, "aws_lb_target_group")).toMatchObject({
        target_type: "ip",
        protocol: "TCP",
        port: 15443,
        preserve_client_ip: "false",
        health_check: { protocol: "HTTP", port: "15021", path: "/healthz/ready" },
      });
    });

    test("reaches the pods through their security group", () => {
      for (const port of [15021, 15443]) {
        expect(
          resourceWith(json, "aws_vpc_security_group_ingress_rule", {
            security_group_id: "sg-cluster",
            from_port: port,
            to_port: port,
          }),
        ).toHaveProperty("referenced_security_group_id");
      }
    });
  });

  test("the binding and the listener's configuration stand before the first pod", () => {
    expect(specOf(json, "TargetGroupBinding")).toMatchObject({
      targetType: "ip",
      serviceRef: { name: "istio-eastwestgateway", port: 15443 },
    });
    expect((releaseOf(json, "istio-eastwestgateway")["depends_on"] as string[]).join(" ")).toContain(
      "helm_release.gateway_manifests",
    );
  });
});
