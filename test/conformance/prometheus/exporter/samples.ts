import { BUCKETS, type Counters } from "./traffic";

/** Labels as they stand between braces. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(",");
}

/** One line of Prometheus' text format. */
export function sample(name: string, labels: string, value: number): string {
  return `${name}{${labels}} ${value}\n`;
}

/** One label set of Istio's standard metrics: the counter and the histogram of durations, every bucket of Envoy's. */
export function istioRequests(labels: string, { requests, within, duration }: Counters): string {
  const histogram = "istio_request_duration_milliseconds";
  return [
    sample("istio_requests_total", labels, requests),
    ...BUCKETS.map((bound, index) => sample(`${histogram}_bucket`, `${labels},le="${bound}"`, within[index] ?? 0)),
    sample(`${histogram}_sum`, labels, duration),
    sample(`${histogram}_count`, labels, requests),
  ].join("");
}

/** Series that stand for those of an exporter which no rule reads: as many, with labels as long. */
export function filler(name: string, labels: string, count: number): string {
  let text = "";
  for (let index = 0; index < count; index += 1) {
    text += `${name}{${labels},le="${index}"} ${index}\n`;
  }
  return text;
}
