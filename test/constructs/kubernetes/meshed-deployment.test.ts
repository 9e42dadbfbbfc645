import { TIERS } from "../../../config";
import { MeshedDeployment, type MeshedDeploymentProps } from "../../../constructs/kubernetes";
import { onlyResource, synthInCluster } from "../../support/synth";

function deploymentOf(props: Partial<MeshedDeploymentProps> = {}) {
  const json = synthInCluster((scope) => {
    new MeshedDeployment(scope, "deployment", {
      namespace: "somewhere",
      name: "web",
      image: "registry.example/web:1.0.0",
      service: "web",
      version: "v1",
      serviceAccountName: "web",
      container: TIERS.standard.container,
      sidecar: TIERS.standard.sidecar,
      replicas: 2,
      ...props,
    });
  });
  return onlyResource(json, "kubernetes_deployment_v1");
}

describe("MeshedDeployment", () => {
  test("is fit for Pod Security restricted", () => {
    const pod = deploymentOf()["spec"].template.spec;
    expect(pod.security_context).toMatchObject({
      run_as_non_root: true,
      run_as_user: "10001",
      seccomp_profile: { type: "RuntimeDefault" },
    });
    expect(pod.container[0].security_context).toEqual({
      allow_privilege_escalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      read_only_root_filesystem: true,
    });
  });

  test("a rollout adds one pod and takes none away", () => {
    expect(deploymentOf()["spec"].strategy).toEqual({
      type: "RollingUpdate",
      rolling_update: { max_surge: "1", max_unavailable: "0" },
    });
  });

  test("probes ask the service itself", () => {
    const [container] = deploymentOf()["spec"].template.spec.container;
    expect(container.readiness_probe.http_get).toEqual({ path: "/healthz/ready", port: "8080" });
    expect(container.liveness_probe.http_get).toEqual({ path: "/healthz/live", port: "8080" });
    expect(container.startup_probe.http_get).toEqual({ path: "/healthz/ready", port: "8080" });
  });

  test("has requests and limits of CPU and memory", () => {
    expect(deploymentOf()["spec"].template.spec.container[0].resources).toEqual({
      requests: { cpu: "50m", memory: "160Mi" },
      limits: { cpu: "220m", memory: "384Mi" },
    });
  });

  test("selects its pods by the platform's labels, never by app, and a label of the caller's cannot undo that", () => {
    const { selector, template } = deploymentOf({ labels: { "taskflow.io/service": "other", team: "a" } })["spec"];
    expect(selector.match_labels).toEqual({ "taskflow.io/service": "web", version: "v1" });
    expect(template.metadata.labels).toMatchObject({ "taskflow.io/service": "web", version: "v1", team: "a" });
  });
});
