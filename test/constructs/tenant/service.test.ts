import { OUTLIER_DETECTION, TENANT_SERVICES } from "../../../config";
import { resourcesOf } from "../../support/synth";
import { manifestOf, objectOf, objectsOf, synthTenant } from "../../support/tenants";

const SERVICES = ["project-service", "task-service", "user-service"];

describe("Brief: a tenant's microservices", () => {
  test("are project-service, task-service and user-service, each with account, Deployment and Service", () => {
    const json = synthTenant();
    expect(TENANT_SERVICES.map((service) => service.name)).toEqual(SERVICES);
    for (const type of ["kubernetes_service_account_v1", "kubernetes_deployment_v1", "kubernetes_service_v1"]) {
      expect(Object.keys(objectsOf(json, type)).sort()).toEqual(SERVICES);
    }
  });
});

describe("TenantService", () => {
  test("no service account and no pod holds a token of the Kubernetes API", () => {
    const json = synthTenant();
    for (const account of Object.values(resourcesOf(json, "kubernetes_service_account_v1"))) {
      expect(account["automount_service_account_token"]).toBe(false);
    }
    for (const deployment of Object.values(resourcesOf(json, "kubernetes_deployment_v1"))) {
      expect(deployment["spec"].template.spec.automount_service_account_token).toBe(false);
    }
  });

  test("runs the service's release, or the row's", () => {
    const imageOf = (row: Parameters<typeof synthTenant>[0]) =>
      objectOf(synthTenant(row), "kubernetes_deployment_v1", "task-service")["spec"].template.spec.container[0].image;
    expect(imageOf({})).toBe("registry.example/task-service:1.0.0");
    expect(imageOf({ release: "1.4.2" })).toBe("registry.example/task-service:1.4.2");
  });

  test("is told where the database is and as whom to log in, and nothing secret", () => {
    const [container] = objectOf(synthTenant(), "kubernetes_deployment_v1", "task-service")["spec"].template.spec
      .container;
    expect(container.env).toEqual([
      { name: "TENANT_ID", value: "acme" },
      { name: "AWS_REGION", value: "ap-northeast-1" },
      { name: "DATABASE_HOST", value: "proxy.example.internal" },
      { name: "DATABASE_PORT", value: "5432" },
      { name: "DATABASE_NAME", value: "taskflow" },
      { name: "DATABASE_USER", value: "tenant_acme" },
      { name: "SHUTDOWN_DELAY_SECONDS", value: "5" },
    ]);
  });

  test("Service port and container port are one number: the VPC CNI judges before the Service's translation", () => {
    const json = synthTenant();
    const [port] = objectOf(json, "kubernetes_service_v1", "task-service")["spec"].port;
    const [container] = objectOf(json, "kubernetes_deployment_v1", "task-service")["spec"].template.spec.container;
    expect(port).toMatchObject({ port: 8080, target_port: "8080" });
    expect(container.port).toEqual([{ name: "http", container_port: 8080, protocol: "TCP" }]);
  });

  test("budget and autoscaler exist where the tier has more than one replica", () => {
    const kinds = ["kubernetes_pod_disruption_budget_v1", "kubernetes_horizontal_pod_autoscaler_v2"];
    for (const kind of kinds) {
      expect(Object.keys(objectsOf(synthTenant({ tier: "starter" }), kind))).toEqual([]);
      expect(Object.keys(objectsOf(synthTenant({ tier: "standard" }), kind)).sort()).toEqual(SERVICES);
      expect(Object.keys(objectsOf(synthTenant({ tier: "enterprise" }), kind)).sort()).toEqual(SERVICES);
    }
  });

  test("the autoscaler keeps the service's own container at the brief's 60 % CPU, within the tenant's replicas", () => {
    const autoscaler = objectOf(
      synthTenant({ overrides: { replicas: { min: 2, max: 4 }, quota: { limitsCpu: 8, limitsMemoryGi: 12 } } }),
      "kubernetes_horizontal_pod_autoscaler_v2",
      "task-service",
    );
    expect(autoscaler["spec"]).toMatchObject({
      min_replicas: 2,
      max_replicas: 4,
      scale_target_ref: { kind: "Deployment", name: "task-service" },
      metric: [
        {
          type: "ContainerResource",
          container_resource: { name: "cpu", container: "task-service", target: { average_utilization: 60 } },
        },
      ],
    });
  });

  test("the number of replicas is the autoscaler's after the first apply, and Terraform's where there is none", () => {
    const lifecycleOf = (tier: "starter" | "standard") =>
      objectOf(synthTenant({ tier }), "kubernetes_deployment_v1", "task-service")["lifecycle"];
    expect(lifecycleOf("standard").ignore_changes).toEqual(["spec[0].replicas"]);
    expect(lifecycleOf("starter")).toBeUndefined();
  });

  test("pods run on the tier's nodes and are spread over zones", () => {
    const podOf = (tier: "starter" | "enterprise") =>
      objectOf(synthTenant({ tier }), "kubernetes_deployment_v1", "task-service")["spec"].template.spec;
    expect(podOf("enterprise")).toMatchObject({
      node_selector: { "taskflow.io/node-pool": "enterprise" },
      toleration: [{ key: "taskflow.io/node-pool", operator: "Equal", value: "enterprise", effect: "NoSchedule" }],
      topology_spread_constraint: [
        { topology_key: "topology.kubernetes.io/zone", when_unsatisfiable: "DoNotSchedule", max_skew: 1 },
        { topology_key: "kubernetes.io/hostname", when_unsatisfiable: "ScheduleAnyway", max_skew: 1 },
      ],
    });
    expect(podOf("starter").node_selector).toEqual({ "taskflow.io/node-pool": "standard" });
    expect(podOf("starter").toleration).toBeUndefined();
  });

  test("the sidecar's size is the tier's", () => {
    const template = objectOf(synthTenant({ tier: "starter" }), "kubernetes_deployment_v1", "task-service")["spec"]
      .template;
    expect(template.metadata.annotations).toEqual({
      "sidecar.istio.io/proxyCPU": "10m",
      "sidecar.istio.io/proxyCPULimit": "80m",
      "sidecar.istio.io/proxyMemory": "80Mi",
      "sidecar.istio.io/proxyMemoryLimit": "192Mi",
    });
  });
});

describe("a suspended tenant", () => {
  const json = synthTenant({ state: "suspended", canary: { release: "2.0.0" } });

  test("has no pod, and nothing that would make one", () => {
    for (const deployment of Object.values(resourcesOf(json, "kubernetes_deployment_v1"))) {
      expect(deployment["spec"].replicas).toBe("0");
      expect(deployment["lifecycle"]).toBeUndefined();
    }
    expect(resourcesOf(json, "kubernetes_horizontal_pod_autoscaler_v2")).toEqual({});
  });

  test("keeps namespace, caps, policies and identity", () => {
    for (const type of [
      "kubernetes_namespace_v1",
      "kubernetes_resource_quota_v1",
      "kubernetes_network_policy_v1",
      "aws_iam_role",
    ]) {
      expect(Object.keys(resourcesOf(json, type)).length).toBeGreaterThan(0);
    }
  });

  test("is started again when resumed: its Deployments are replaced with the run state", () => {
    const [runState] = Object.entries(resourcesOf(synthTenant(), "terraform_data"));
    expect(runState?.[1]).toMatchObject({ input: { state: "active" } });
    expect(Object.values(resourcesOf(json, "terraform_data"))[0]).toMatchObject({ input: { state: "suspended" } });
    for (const deployment of Object.values(resourcesOf(synthTenant(), "kubernetes_deployment_v1"))) {
      expect(deployment["lifecycle"].replace_triggered_by).toEqual([`terraform_data.${runState?.[0]}`]);
    }
  });
});

describe("a canary", () => {
  test("is a second Deployment of version v2 with one replica, behind the same Service", () => {
    const json = synthTenant({ canary: { release: "2.0.0" } });
    const canary = objectOf(json, "kubernetes_deployment_v1", "task-service-canary")["spec"];
    expect(canary).toMatchObject({
      replicas: "1",
      selector: { match_labels: { "taskflow.io/service": "task-service", version: "v2" } },
    });
    expect(canary.template.spec.container[0].image).toBe("registry.example/task-service:2.0.0");
    expect(objectOf(json, "kubernetes_service_v1", "task-service")["spec"].selector).toEqual({
      "taskflow.io/service": "task-service",
    });
  });
});

describe("a canary of some services", () => {
  test("leaves the others without a second Deployment", () => {
    const json = synthTenant({ canary: { release: "2.0.0", services: ["task-service"] } });
    expect(Object.keys(objectsOf(json, "kubernetes_deployment_v1")).sort()).toEqual(
      [...SERVICES, "task-service-canary"].sort(),
    );
  });
});

describe("a service under Flagger", () => {
  const row = { canary: { flagger: ["task-service"] } };
  const json = synthTenant(row);
  const deployment = objectOf(json, "kubernetes_deployment_v1", "task-service");
  const rollout = manifestOf(json, "Canary", "task-service");

  test("is analysed by the brief's figures, through a delegate of the tenant's own VirtualService", () => {
    expect(rollout["metadata"]).toEqual({ name: "task-service", namespace: "tenant-acme" });
    expect(rollout["spec"]).toMatchObject({
      targetRef: { kind: "Deployment", name: "task-service" },
      service: { port: 8080, targetPort: 8080, delegation: true },
      analysis: { interval: "1m", threshold: 5, maxWeight: 50, stepWeight: 10 },
    });
    expect(Object.keys(rollout["spec"].service)).not.toEqual(expect.arrayContaining(["gateways"]));
    expect(Object.keys(rollout["spec"].service)).not.toEqual(expect.arrayContaining(["hosts"]));
  });

  test("has the tier's pools, as far as the Canary's CRD knows them", () => {
    expect(rollout["spec"].service.trafficPolicy).toEqual({
      connectionPool: { http: { http1MaxPendingRequests: 100, http2MaxRequests: 400, maxRetries: 3 } },
      outlierDetection: OUTLIER_DETECTION,
    });
  });

  test("has the tenant's replicas as the primary, and as the new release half of them at most", () => {
    expect(rollout["spec"].autoscalerRef).toEqual({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      name: "task-service",
      primaryScalerReplicas: { minReplicas: 2, maxReplicas: 3 },
    });
    const autoscaler = objectOf(json, "kubernetes_horizontal_pod_autoscaler_v2", "task-service");
    expect(autoscaler["spec"]).toMatchObject({ min_replicas: 1, max_replicas: 2 });
    expect(objectOf(json, "kubernetes_horizontal_pod_autoscaler_v2", "user-service")["spec"]).toMatchObject({
      min_replicas: 2,
      max_replicas: 3,
    });
  });

  test("has no autoscaler to copy where the tier has one replica", () => {
    const starter = synthTenant({ ...row, tier: "starter" });
    expect(manifestOf(starter, "Canary", "task-service")["spec"].autoscalerRef).toBeUndefined();
    const [lifecycle, other] = ["task-service", "user-service"].map(
      (service) => objectOf(starter, "kubernetes_deployment_v1", service)["lifecycle"],
    );
    expect(lifecycle.ignore_changes).toEqual(["spec[0].replicas"]);
    expect(other).toBeUndefined();
  });

  test("leaves to Flagger what Flagger sets: replicas, and where the Service leads", () => {
    expect(deployment["lifecycle"].ignore_changes).toEqual(["spec[0].replicas"]);
    const lifecycleOf = (service: string) => objectOf(json, "kubernetes_service_v1", service)["lifecycle"];
    expect(lifecycleOf("task-service")).toEqual({ ignore_changes: ["spec[0].selector", "metadata[0].annotations"] });
    expect(lifecycleOf("user-service")).toBeUndefined();
  });

  test("selects by the label that Flagger needs; budget and Service by ours, which both copies bear", () => {
    const ours = { "taskflow.io/service": "task-service", "taskflow.io/rollout": "flagger" };
    expect(deployment["spec"].selector.match_labels).toEqual({
      app: "task-service",
      "taskflow.io/service": "task-service",
      version: "v1",
    });
    expect(deployment["spec"].template.metadata.labels).toMatchObject(ours);
    expect(objectOf(json, "kubernetes_service_v1", "task-service")["spec"].selector).toEqual(ours);
    const budget = objectOf(json, "kubernetes_pod_disruption_budget_v1", "task-service");
    expect(budget["spec"].selector.match_labels).toEqual({ ...ours, version: "v1" });
    const other = objectOf(json, "kubernetes_deployment_v1", "user-service")["spec"];
    expect(other.template.metadata.labels).not.toHaveProperty(["taskflow.io/rollout"]);
    expect(other.selector.match_labels).not.toHaveProperty("app");
  });

  test("runs the row's release, so that another release is what starts the analysis", () => {
    const imageOf = (release: string) =>
      objectOf(synthTenant({ ...row, release }), "kubernetes_deployment_v1", "task-service")["spec"].template.spec
        .container[0].image;
    expect(imageOf("1.4.2")).toBe("registry.example/task-service:1.4.2");
    expect(Object.keys(objectsOf(json, "kubernetes_deployment_v1")).sort()).toEqual(SERVICES);
  });

  test("is Terraform's alone while the tenant is suspended, and started anew when it is resumed", () => {
    const suspended = synthTenant({ ...row, tier: "starter", state: "suspended" });
    expect(() => manifestOf(suspended, "Canary", "task-service")).toThrow("no Canary task-service");
    const stopped = objectOf(suspended, "kubernetes_deployment_v1", "task-service");
    expect({ replicas: stopped["spec"].replicas, lifecycle: stopped["lifecycle"] }).toEqual({ replicas: "0" });
    expect(objectOf(suspended, "kubernetes_service_v1", "task-service")["lifecycle"]).toBeUndefined();
    const active = objectOf(synthTenant({ ...row, tier: "starter" }), "kubernetes_deployment_v1", "task-service");
    expect(active["lifecycle"].replace_triggered_by).toHaveLength(1);
  });

  test("waits with its Canary for Deployment and autoscaler", () => {
    const canary = Object.values(resourcesOf(json, "kubernetes_manifest")).find(
      (resource) => resource["manifest"].kind === "Canary",
    );
    const needed = String(canary?.["depends_on"]);
    expect(needed).toContain("kubernetes_deployment_v1.tenant-acme_task-service_deployment");
    expect(needed).toContain("kubernetes_horizontal_pod_autoscaler_v2.tenant-acme_task-service_autoscaler");
  });
});
