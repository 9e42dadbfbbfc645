import { recordedNames } from "../../../../constructs/observability/rules";
import { unavailable } from "./metrics";
import { ALERTING, RECORDING, selected } from "./support";

describe("what a rule reads", () => {
  test.each([
    ...RECORDING.map(({ record, expr }) => [record, expr]),
    ...ALERTING.map(({ alert, expr }) => [alert, expr]),
  ])("is there for %s", (_, expr = "") => {
    expect(selected(expr).map(unavailable)).toEqual(selected(expr).map(() => undefined));
  });

  test("is found in an expression, whatever is around it", () => {
    const expr =
      'label_replace(sum by (le, tenant) (rate(a_bucket{x="y}",z!=""}[5m])), "b", "$1", "c", "(.+)") * on (d) group_left (e) f:g:h5m or vector(1) > 2 * count({__name__=~"i(_total)?"})';
    expect(selected(expr)).toEqual([
      { metric: "i(_total)?", matchers: "" },
      { metric: "a_bucket", matchers: '{x="y}",z!=""}' },
      { metric: "f:g:h5m", matchers: "" },
    ]);
  });

  test.each([
    ["sum(rate(envoy_cluster_upstream_rq_timeout[5m]))", "envoy_cluster_upstream_rq_timeout is dropped"],
    ["kube_pod_tolerations > 0", "kube_pod_tolerations is not collected"],
    ["kube_secret_info > 0", "kube_secret_info is not collected"],
    ['kube_namespace_labels{label_taskflow_io_shard!=""}', "kube_namespace_labels has no label_taskflow_io_shard"],
    ["tenant:profit:rate5m > 0", "tenant:profit:rate5m comes from nowhere"],
    ["istio_request_bytes_bucket", "istio_request_bytes_bucket is dropped"],
    [
      'istio_request_duration_milliseconds_bucket{reporter="source",tenant!=""}',
      "istio_request_duration_milliseconds_bucket is dropped",
    ],
    [
      'istio_request_duration_milliseconds_bucket{reporter="source",le="5"}',
      "istio_request_duration_milliseconds_bucket is dropped",
    ],
  ])("is missed where it is not: %s", (expr, problem) => {
    expect(selected(expr).map(unavailable)).toEqual([problem]);
  });
});

test("every name of RECORDED is recorded by one rule, and nothing else is", () => {
  expect(RECORDING.map(({ record }) => record).sort()).toEqual(recordedNames());
});
