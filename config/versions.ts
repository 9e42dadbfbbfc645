/**
 * Every chart, Kubernetes, engine and provider version, one line each with source and date. Nothing else names a
 * version. Charts' values are typed where a release is made; a new minor version means reading its values again.
 */

/** A Helm chart: where it comes from and which version. */
export interface ChartVersion {
  /** Chart repository (`https://…`) or the folder of an OCI registry (`oci://…`). */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

/** Istio's charts, proxies and CNI plugin move together. 1.31.1: istio.io news, October 2026. */
const ISTIO_VERSION = "1.31.1";

/** From 1.31 on nothing is published to the former storage bucket (istio.io news, artifact move). */
const ISTIO_REPOSITORY = "https://blob.istio.io/istio-release/charts";

/** Standard support until 2027-08-02 (EKS version calendar, 2026-10). */
export const KUBERNETES_VERSION = "1.36";

/** PostgreSQL 17.7: supported minor, RDS release notes 2026. */
export const POSTGRESQL = { engineVersion: "17.7", parameterGroupFamily: "postgres17" } as const;

/** Version of a tenant's schema; `functions/tenant-database/sql/versions` holds what each adds. */
export const TENANT_SCHEMA_VERSION = 1;

/** Valkey 8.1, the rate limit service's store: ElastiCache supported versions, 2025-07. */
export const VALKEY = { engine: "valkey", engineVersion: "8.1", parameterGroupName: "default.valkey8" } as const;

/** EKS add-ons are pinned to the newest that fits the cluster's version at plan time, see `constructs/cluster`. */
export const EKS_ADDONS = [
  "vpc-cni",
  "coredns",
  "kube-proxy",
  "eks-pod-identity-agent",
  "aws-ebs-csi-driver",
  "amazon-cloudwatch-observability",
] as const;

/** Charts by release. Versions read at the charts' repositories, 2026-06 to 2026-10. */
export const CHARTS = {
  istioBase: { repository: ISTIO_REPOSITORY, chart: "base", version: ISTIO_VERSION },
  istioCni: { repository: ISTIO_REPOSITORY, chart: "cni", version: ISTIO_VERSION },
  istiod: { repository: ISTIO_REPOSITORY, chart: "istiod", version: ISTIO_VERSION },
  istioGateway: { repository: ISTIO_REPOSITORY, chart: "gateway", version: ISTIO_VERSION },
  loadBalancerController: {
    repository: "https://aws.github.io/eks-charts",
    chart: "aws-load-balancer-controller",
    version: "3.5.0",
  },
  clusterAutoscaler: {
    repository: "https://kubernetes.github.io/autoscaler",
    chart: "cluster-autoscaler",
    version: "9.59.0",
  },
  metricsServer: {
    repository: "https://kubernetes-sigs.github.io/metrics-server/",
    chart: "metrics-server",
    version: "3.13.1",
  },
  certManager: { repository: "https://charts.jetstack.io", chart: "cert-manager", version: "v1.21.1" },
  flagger: { repository: "https://flagger.app", chart: "flagger", version: "1.44.0" },
  flaggerLoadtester: { repository: "https://flagger.app", chart: "loadtester", version: "0.38.0" },
  kubePrometheusStack: {
    repository: "https://prometheus-community.github.io/helm-charts",
    chart: "kube-prometheus-stack",
    version: "88.5.3",
  },
  jaeger: { repository: "https://jaegertracing.github.io/helm-charts", chart: "jaeger", version: "4.11.1" },
  kiali: { repository: "https://kiali.org/helm-charts", chart: "kiali-server", version: "2.29.0" },
} as const satisfies Record<string, ChartVersion>;

/** Container images that no chart brings. */
export const IMAGES = {
  /** Matches the cluster's minor version (kubernetes/autoscaler releases, 2026). */
  clusterAutoscalerTag: "v1.36.1",
  /** Published under commit hashes alone; this is the one that Envoy Gateway 1.7.2 ships (2026). */
  rateLimit: "docker.io/envoyproxy/ratelimit:05c08d03",
  /** Asks the database for metrics; newest tag that public repositories use, 2026. */
  sqlExporter: "docker.io/burningalchemist/sql_exporter:0.24.9",
  /** Signs the exporter's log-ins; EKS Pod Identity needs a CLI of 2023-11 or newer. */
  awsCli: "public.ecr.aws/aws-cli/aws-cli:2.36.15",
  /** Unpacks CRDs in kube-prometheus-stack's upgrade job, where the chart's default is the moving `latest`. */
  crdJobBusyboxTag: "1.38.0",
} as const;

/** Terraform itself: `use_lockfile` needs 1.10, write-only arguments 1.11. */
export const TERRAFORM_VERSION = ">= 1.11.0";

/**
 * AWS provider of a stack with a write-only secret, in place of the binding's 6.25.0: the first that refreshes one without
 * reading it, as the role that plans must (changelog 6.26.0, 2025-12).
 */
export const WRITE_ONLY_SECRET_PROVIDER_VERSION = "6.26.0";
