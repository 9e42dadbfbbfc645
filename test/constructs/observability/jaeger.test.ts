import { ENVIRONMENTS } from "../../../config";
import { Jaeger } from "../../../constructs/observability";
import { onlyResource, synthInCluster } from "../../support/synth";
import { release } from "./support";

const json = synthInCluster((scope) => {
  new Jaeger(scope, "jaeger", { keptPercent: ENVIRONMENTS.production.savings.tracesKeptPercent, dependsOn: [] });
});
const { values } = release(json, "jaeger");
const config = values["userconfig"];
const jaeger = values["jaeger"];

describe("Brief: Kiali, Jaeger, Prometheus, Grafana – Jaeger", () => {
  test("its Service has the name that the mesh's tracing provider points at", () => {
    expect(values["fullnameOverride"]).toBe("jaeger-collector");
    expect(config.receivers).toEqual({ otlp: { protocols: { grpc: { endpoint: "0.0.0.0:4317" } } } });
  });

  test("a trace survives a restart: Badger on a volume, not in memory", () => {
    expect(config.extensions.jaeger_storage.backends.badger.badger).toMatchObject({
      ephemeral: false,
      directories: { keys: "/badger/keys", values: "/badger/values" },
    });
    expect(jaeger.extraVolumes).toEqual([{ name: "badger", persistentVolumeClaim: { claimName: "jaeger-badger" } }]);
    expect(jaeger.extraVolumeMounts).toEqual([{ name: "badger", mountPath: "/badger" }]);
  });

  test("the volume is encrypted, cannot be destroyed by an edit and is bound when the pod comes", () => {
    expect(onlyResource(json, "kubernetes_persistent_volume_claim_v1")).toMatchObject({
      metadata: { name: "jaeger-badger", namespace: "observability" },
      spec: { storage_class_name: "gp3-encrypted", resources: { requests: { storage: "20Gi" } } },
      wait_until_bound: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("keeps traces for seven days", () => {
    expect(config.extensions.jaeger_storage.backends.badger.badger.ttl.spans).toBe("168h");
  });

  test("two never write one volume", () => {
    expect(jaeger.replicas).toBe(1);
    expect(jaeger.strategy).toEqual({ type: "Recreate" });
    expect(jaeger.nodeSelector).toEqual({ "eks.amazonaws.com/capacityType": "ON_DEMAND" });
  });

  test("writer and reader use the one store", () => {
    expect(config.exporters.jaeger_storage_exporter.trace_storage).toBe("badger");
    expect(config.extensions.jaeger_query.storage.traces).toBe("badger");
    expect(config.service.pipelines.traces).toEqual({
      receivers: ["otlp"],
      processors: ["memory_limiter", "tail_sampling", "batch"],
      exporters: ["jaeger_storage_exporter"],
    });
  });

  test("fits Pod Security restricted and has no API token", () => {
    expect(jaeger.podSecurityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(jaeger.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(jaeger.serviceAccount.automountServiceAccountToken).toBe(false);
  });

  test("a changed configuration restarts the pod", () => {
    expect(jaeger.podLabels["taskflow.io/config"]).toMatch(/^[0-9a-f]{12}$/);
  });
});
