import { existsSync } from "node:fs";
import { join } from "node:path";

import { ENVIRONMENTS } from "../../../../config";
import { defaultRules } from "../../../../constructs/observability/rules";

describe("the chart's own rules", () => {
  const { rules, disabled, runbookUrl } = defaultRules(ENVIRONMENTS.production);

  test("lead to a page that exists, whatever the chart appends", () => {
    const { pathname, hash } = new URL(`${runbookUrl}/kubernetes/kubepodcrashlooping`);
    const page = pathname.replace("/taskflow/platform/blob/main/", "");
    expect(existsSync(join(__dirname, "../../../..", page))).toBe(true);
    expect(hash).toBe("#alert/kubernetes/kubepodcrashlooping");
  });

  test("are off where EKS hides the component, or a quota that is used up by design would fire for every tenant", () => {
    expect(Object.entries(rules).filter(([, on]) => on)).toEqual([]);
    expect(rules).toHaveProperty("kubernetesResources", false);
  });

  test("about Prometheus and Alertmanager themselves stay on, the watchdog aside, which is ours", () => {
    expect(Object.keys(rules)).not.toEqual(expect.arrayContaining(["prometheus"]));
    expect(Object.keys(rules)).not.toEqual(expect.arrayContaining(["alertmanager"]));
    expect(disabled).toHaveProperty("Watchdog", true);
  });
});
