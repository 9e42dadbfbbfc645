import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Systems of the brief that this repository builds so far; each keeps a test that bears its name. */
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
  "OPA/Gatekeeper-style policy, GitOps",
  "Backup and restore",
  "Cost",
];

const tests = readdirSync(__dirname, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts") && entry.name !== "brief.test.ts")
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
  .join("\n");

describe("the brief's table of systems", () => {
  test.each(SYSTEMS)("%s has a test that bears its name", (system) => {
    expect(tests).toContain(`("Brief: ${system}`);
  });
});
