import { DEREGISTRATION_DELAY_SECONDS } from "../../../constructs/edge";
import { GATEWAY_SHUTDOWN } from "../../../constructs/mesh/gateway-pods";
import { IngressGateway } from "../../../constructs/mesh/ingress-gateway";
import { resourcesOf, synthInCluster } from "../../support/synth";
import { releaseOf, specOf, valuesOf } from "./support";

describe("IngressGateway", () => {
  const json = synthInCluster(
    (scope) =>
      new IngressGateway(scope, "gateway", {
        domain: "taskflow.example.com",
        targetGroupArn: "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/taskflow/1",
        loadBalancerSecurityGroupId: "sg-alb",
        loadBalancerCidrs: ["10.0.0.0/20", "10.0.16.0/20"],
        clusterSecurityGroupId: "sg-cluster",
        dependsOn: [],
      }),
  );
  const values = valuesOf(json, "istio-ingressgateway");
  const proxyConfig = JSON.parse(values.podAnnotations["proxy.istio.io/config"]);

  describe("Brief: ingress gateway", () => {
    test("scales from 3 to 15 replicas at 60 % CPU", () => {
      expect(values.autoscaling).toMatchObject({
        enabled: true,
        minReplicas: 3,
        maxReplicas: 15,
        targetCPUUtilizationPercentage: 60,
      });
    });

    test("gives replicas up slowly, one a minute", () => {
      expect(values.autoscaling.autoscaleBehavior.scaleDown).toEqual({
        stabilizationWindowSeconds: 300,
        policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
      });
    });

    test("at most one replica is missing, in a drain as in a rollout", () => {
      expect(values.podDisruptionBudget).toEqual({ maxUnavailable: 1 });
      expect(values.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    });

    test("is spread over zones as a must and over hosts as a wish, each ReplicaSet by itself", () => {
      const labelSelector = { matchLabels: { istio: "ingressgateway" } };
      expect(values.topologySpreadConstraints).toEqual([
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector,
          matchLabelKeys: ["pod-template-hash"],
        },
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector,
          matchLabelKeys: ["pod-template-hash"],
        },
      ]);
    });

    test("runs on the standard pool's on-demand nodes", () => {
      expect(values.nodeSelector).toEqual({
        "taskflow.io/node-pool": "standard",
        "eks.amazonaws.com/capacityType": "ON_DEMAND",
      });
    });
  });

  describe("Brief: ALB + AWS Load Balancer Controller (Internet to gateway)", () => {
    test("the target group is bound to the gateway's HTTPS port by pod address", () => {
      expect(specOf(json, "TargetGroupBinding")).toEqual({
        targetGroupARN: "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:targetgroup/taskflow/1",
        targetType: "ip",
        serviceRef: { name: "istio-ingressgateway", port: 443 },
      });
    });

    test("the controller is not asked to touch security groups", () => {
      expect(specOf(json, "TargetGroupBinding")).not.toHaveProperty("networking");
    });

    test("the load balancer's security group reaches 443 and 15021 of the cluster's, and no other port", () => {
      const rules = Object.values(resourcesOf(json, "aws_vpc_security_group_ingress_rule"));
      expect(rules.map((rule) => [rule["from_port"], rule["to_port"]])).toEqual([
        [15021, 15021],
        [443, 443],
      ]);
      for (const rule of rules) {
        expect(rule).toMatchObject({
          security_group_id: "sg-cluster",
          referenced_security_group_id: "sg-alb",
          ip_protocol: "tcp",
        });
        expect(rule).not.toHaveProperty("cidr_ipv4");
      }
    });

    test("the binding and the listener's configuration stand before the first pod", () => {
      const dependencies = (releaseOf(json, "istio-ingressgateway")["depends_on"] as string[]).join(" ");
      expect(dependencies).toContain("target-group-binding");
      expect(dependencies).toContain("helm_release.gateway_manifests");
    });

    test("the Service is inside the cluster only, with the two ports that the load balancer uses", () => {
      expect(values.service.type).toBe("ClusterIP");
      expect(values.service.ports.map((port: { port: number }) => port.port)).toEqual([15021, 443]);
    });
  });

  describe("how a pod ends", () => {
    test("the drain is shorter than the target group's deregistration delay", () => {
      expect(proxyConfig.terminationDrainDuration).toBe(`${GATEWAY_SHUTDOWN.drain}s`);
      expect(GATEWAY_SHUTDOWN.drain).toBeLessThan(DEREGISTRATION_DELAY_SECONDS);
    });

    test("the pod outlives the deregistration delay", () => {
      expect(values.lifecycle).toEqual({ preStop: { sleep: { seconds: GATEWAY_SHUTDOWN.preStop } } });
      expect(GATEWAY_SHUTDOWN.preStop + GATEWAY_SHUTDOWN.drain).toBeGreaterThanOrEqual(DEREGISTRATION_DELAY_SECONDS);
    });

    test("nothing is killed before it has drained", () => {
      expect(values.terminationGracePeriodSeconds).toBeGreaterThan(GATEWAY_SHUTDOWN.preStop + GATEWAY_SHUTDOWN.drain);
    });
  });

  test("one HTTPS server answers every host, since the load balancer sends no SNI", () => {
    expect(specOf(json, "Gateway")).toEqual({
      selector: { istio: "ingressgateway" },
      servers: [
        {
          port: { number: 443, name: "https", protocol: "HTTPS" },
          hosts: ["*"],
          tls: { mode: "SIMPLE", credentialName: "taskflow-gateway-tls", minProtocolVersion: "TLSV1_2" },
        },
      ],
    });
  });

  test("its certificate is minted in the cluster, renewed with a new key, and stands in the Secret the server names", () => {
    expect(specOf(json, "Issuer")).toEqual({ selfSigned: {} });
    expect(specOf(json, "Certificate")).toMatchObject({
      secretName: "taskflow-gateway-tls",
      issuerRef: { kind: "Issuer", name: "self-signed" },
      dnsNames: ["taskflow.example.com", "*.taskflow.example.com"],
      privateKey: { rotationPolicy: "Always" },
    });
  });

  test("shows the pools towards tenants, which alerts read, and no other cluster's", () => {
    const shown = (statistic: string): boolean =>
      proxyConfig.proxyStatsMatcher.inclusionRegexps.some((pattern: string) =>
        new RegExp(`^${pattern}$`).test(statistic),
      );
    const pool = "cluster.outbound|8080|v1|task-service.tenant-acme.svc.cluster.local;.upstream_rq_pending_overflow";
    expect(shown(pool)).toBe(true);
    expect(shown(pool.replace("|v1|", "||"))).toBe(false);
    expect(shown(pool.replace("rq_pending_overflow", "rq_timeout"))).toBe(false);
  });

  test("refuses whoever does not come from the load balancer's subnets, without trust in any header", () => {
    expect(specOf(json, "AuthorizationPolicy", "load-balancer-only")).toEqual({
      action: "DENY",
      selector: { matchLabels: { istio: "ingressgateway" } },
      rules: [{ from: [{ source: { notIpBlocks: ["10.0.0.0/20", "10.0.16.0/20"] } }] }],
    });
  });

  test("takes the client's address from the one proxy before it", () => {
    expect(proxyConfig.gatewayTopology).toEqual({ numTrustedProxies: 1 });
  });

  test("shows the counters of the rate limit's filter, among them the one for a service that does not answer", () => {
    const pattern = new RegExp(`^${proxyConfig.proxyStatsMatcher.inclusionRegexps[0]}$`);
    const cluster = "cluster.outbound|8080||task-service.tenant-acme-corp.svc.cluster.local";
    expect(`${cluster}.ratelimit.failure_mode_allowed`).toMatch(pattern);
    expect(`${cluster}.ratelimit.over_limit`).toMatch(pattern);
    expect("cluster.outbound|8081||ratelimit.shared-services.svc.cluster.local.upstream_rq_total").not.toMatch(pattern);
  });

  test("has the identity that policies name and passes Pod Security `restricted`", () => {
    expect(values.serviceAccount).toEqual({ create: true, name: "istio-ingressgateway" });
    expect(values.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
    });
  });
});
