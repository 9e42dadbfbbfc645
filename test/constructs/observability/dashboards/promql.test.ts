import { problemsOf, selectorsOf } from "./promql";

const QUERY =
  "60 * sum by(class)(label_replace(rate(istio_requests_total{namespace='a',code=~'(5|4)..'}[$__rate_interval]),'class','$1','code','(.).*')) " +
  "or kube_pod_status_phase{phase='Running'} / on(tier) group_left() (tenant:requests:rate5m > 0)";

describe("the check of queries", () => {
  test("finds nothing wrong with a query that is right", () => {
    expect(problemsOf(QUERY)).toEqual([]);
  });

  test("sees each metric with its matchers, and no label, function or text", () => {
    expect(selectorsOf(QUERY)).toEqual([
      { metric: "istio_requests_total", matchers: "namespace='a',code=~'(5|4)..'" },
      { metric: "kube_pod_status_phase", matchers: "phase='Running'" },
      { metric: "tenant:requests:rate5m", matchers: "" },
    ]);
  });

  test.each([
    ["a parenthesis is missing", QUERY.replace("'(.).*'))", "'(.).*')"), ") is missing"],
    ["a bracket closes nothing", `${QUERY}]`, "] closes nothing"],
    ["a text does not end", QUERY.replace("'Running'", "'Running"), "a text does not end"],
    ["a metric is dropped before it is stored", "istio_request_bytes_sum", "nothing brings istio_request_bytes_sum"],
    [
      "Istio exports a metric that nobody keeps",
      "envoy_cluster_lb_healthy_panic",
      "nothing brings envoy_cluster_lb_healthy_panic",
    ],
    ["kube-state-metrics has no such collector", "kube_secret_info", "nothing brings kube_secret_info"],
    ["kube-state-metrics leaves the metric out", "kube_pod_tolerations", "nothing brings kube_pod_tolerations"],
    ["no rule records it", "tenant:requests:rate7m", "nothing brings tenant:requests:rate7m"],
    ["a function is misspelt", "summ(tenant:info)", "summ is no function that the dashboards use"],
    [
      "a text stands in double quotes",
      'tenant:info{state="active"}',
      "a double quote takes four characters in Terraform's state",
    ],
  ])("says so if %s", (_, expr, problem) => {
    expect(problemsOf(expr)).toContain(problem);
  });
});
