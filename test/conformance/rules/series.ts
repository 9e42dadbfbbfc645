import { LABELS, type TierName, TIERS } from "../../../config";
import { namespaceName } from "../../../tenancy";
import type { Series } from "./promtool";

/** Minutes of every series: four days, so that nothing ends before its case does. */
const END = 5_760;

export type Labels = Readonly<Record<string, string>>;

/** A series with these values. */
export function series(metric: string, labels: Labels, values: string): Series {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return { series: `${metric}{${matchers.join(",")}}`, values };
}

/** The same value always. */
export const always = (value: number): string => `${value}+0x${END}`;

/** One value for some minutes, another from then on. */
export const until = (minutes: number, before: number, after: number): string =>
  `${before}+0x${minutes - 1} ${after}+0x${END - minutes}`;

/** A counter that goes up each minute. */
export const rising = (perMinute: number): string => `0+${perMinute}x${END}`;

/** A counter that stands still for some minutes and then goes up. */
export const risingAfter = (minutes: number, perMinute: number): string =>
  `0+0x${minutes} ${perMinute}+${perMinute}x${END - minutes}`;

/** A counter that goes up for some minutes and then stands still. */
export const risingUntil = (minutes: number, perMinute: number): string =>
  `0+${perMinute}x${minutes} ${perMinute * minutes}+0x${END - minutes}`;

/** A counter that begins, with its first request, after some minutes. */
export const bornAfter = (minutes: number): string => `_x${minutes} 1+0x${END - minutes}`;

/** Labels of a tenant's namespace, as kube-state-metrics tells them. */
export function tenant(id: string, tier: TierName): Series {
  const labels = {
    [LABELS.tenant]: id,
    [LABELS.tier]: tier,
    [LABELS.alerts]: TIERS[tier].alerts,
    [LABELS.state]: "active",
  };
  const named = Object.entries(labels).map(([label, value]) => [`label_${label.replaceAll(/[./]/g, "_")}`, value]);
  return series("kube_namespace_labels", { namespace: namespaceName(id), ...Object.fromEntries(named) }, always(1));
}

const atGateway = (id: string, pod: string) => ({
  namespace: "istio-ingress",
  pod: `istio-ingressgateway-${pod}`,
  reporter: "source",
  destination_service_namespace: namespaceName(id),
});

/** A tenant's requests of one response code, as one gateway pod counts them. */
export function requests(id: string, code: string, values: string, flags: string = "-", pod: string = "a"): Series {
  const labels = { ...atGateway(id, pod), response_code: code, response_flags: flags };
  return series("istio_requests_total", labels, values);
}

/** Durations of a tenant's requests at the gateway: those up to 500 ms and those of up to 2.5 s. */
export function durations(id: string, fast: string, all: string): readonly Series[] {
  return histogram({ ...atGateway(id, "a"), response_code: "200" }, fast, all);
}

/** Durations of the gateway's requests at the tenant's own pods. */
export function upstreamDurations(id: string, fast: string, all: string): readonly Series[] {
  const labels = { namespace: namespaceName(id), tenant: id, source_workload_namespace: "istio-ingress" };
  return histogram({ ...labels, reporter: "destination", response_code: "200" }, fast, all);
}

function histogram(labels: Labels, fast: string, all: string): readonly Series[] {
  const bucket = (le: string, values: string): Series =>
    series("istio_request_duration_milliseconds_bucket", { ...labels, le }, values);
  // Numbers as Prometheus 3 writes them.
  return [bucket("500.0", fast), bucket("2500.0", all), bucket("+Inf", all)];
}

/** Requests that a tenant's sidecar took from a caller with this identity. */
export function received(id: string, caller: string, code: string, values: string): Series {
  const labels = {
    namespace: namespaceName(id),
    tenant: id,
    service: "task-service",
    reporter: "destination",
    source_principal: caller,
    response_code: code,
    connection_security_policy: caller === "unknown" ? "none" : "mutual_tls",
  };
  return series("istio_requests_total", labels, values);
}

/** SPIFFE identity of a service of a tenant. */
export const identity = (id: string): string => `spiffe://cluster.local/ns/${namespaceName(id)}/sa/project-service`;
