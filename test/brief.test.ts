import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Systems that the brief names, in its words; each has its place in the README, and there a test that bears its name. */
const SYSTEMS = [
  "VPC",
  "ECR",
  "EKS",
  "RDS for PostgreSQL",
  "RDS Proxy",
  "Secrets Manager",
  "AWS WAF",
  "ALB + AWS Load Balancer Controller",
  "CloudWatch + Container Insights",
  "Istio + Envoy",
  "Kiali, Jaeger, Prometheus, Grafana",
  "Cluster Autoscaler",
  "Flagger",
  "Tenant onboarding",
  "Multi-region",
  "Cost",
  "Backup and restore",
  "OPA/Gatekeeper-style policy, GitOps",
];

const README = readFileSync(join(__dirname, "..", "README.md"), "utf8");

/** The README's cells: a system, and its test below this folder. */
const places = new Map(
  [...README.matchAll(/\| ([^|`]+?) +\| `[\w-*]+`: `([\w/-]+)` +(?=\|)/g)].map(([, system = "", test = ""]) => [
    system,
    test,
  ]),
);

describe("the brief's systems", () => {
  test("are those of the README's table, every one", () => {
    expect([...places.keys()].sort()).toEqual([...SYSTEMS].sort());
  });

  test.each(SYSTEMS)("%s has a test that bears its name, where the table says", (system) => {
    const file = join(__dirname, `${places.get(system)}.test.ts`);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8")).toContain(`("Brief: ${system}`);
  });
});
