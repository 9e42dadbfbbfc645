import { readFileSync } from "node:fs";
import { join } from "node:path";

import { MeshAuthority, MeshAuthoritySecret } from "../../../constructs/mesh";
import { onlyResource, resourcesOf, synthConstruct, synthInCluster } from "../../support/synth";

const FILES = ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"];

describe("MeshAuthority", () => {
  const json = synthInCluster((scope) => new MeshAuthority(scope, "authority", { region: "us-east-1", dependsOn: [] }));
  const secret = onlyResource(json, "kubernetes_secret_v1");

  test("is the Secret that istiod mounts, with the four files that it reads", () => {
    expect(secret["metadata"]).toMatchObject({ name: "cacerts", namespace: "istio-system" });
    expect(Object.keys(secret["data_wo"]).sort()).toEqual(FILES);
  });

  test("gets its value from the region's Secrets Manager, past state and plan", () => {
    const { ephemeral } = json as { ephemeral?: Record<string, Record<string, object>> };
    const [[id, read] = []] = Object.entries(ephemeral?.["aws_secretsmanager_secret_version"] ?? {});
    expect(read).toMatchObject({ secret_id: "taskflow-mesh-ca" });
    for (const file of FILES) {
      expect(secret["data_wo"][file]).toBe(
        `\${jsondecode(ephemeral.aws_secretsmanager_secret_version.${id}.secret_string)["${file}"]}`,
      );
    }
    expect(secret).not.toHaveProperty("data");
    // Without a revision the provider writes nothing.
    expect(secret["data_wo_revision"]).toBeGreaterThanOrEqual(1);
    expect(json.data?.["aws_secretsmanager_secret_version"]).toBeUndefined();
  });

  test("is not read by a plan, whose role reads no secret: only an apply knows the region", () => {
    expect(JSON.stringify(json)).toContain('"region":"${uuid() == \\"\\" ? \\"\\" : \\"us-east-1\\"}"');
  });
});

describe("MeshAuthoritySecret", () => {
  const json = synthConstruct((scope) => new MeshAuthoritySecret(scope, "authority", { region: "us-east-1" }));

  test("is made empty, under a key of its own, and cannot be destroyed by an edit", () => {
    expect(onlyResource(json, "aws_secretsmanager_secret")).toMatchObject({
      name: "taskflow-mesh-ca",
      kms_key_id: expect.stringContaining("aws_kms_key."),
      lifecycle: { prevent_destroy: true },
    });
    expect(resourcesOf(json, "aws_secretsmanager_secret_version")).toEqual({});
  });

  test("the operators' script writes those files into that secret", () => {
    const script = readFileSync(join(__dirname, "../../../tools/bin/mesh-ca"), "utf8");
    expect(script).toContain(`FILES=(${FILES.join(" ")})`);
    expect(script).toContain("SECRET=taskflow-mesh-ca");
  });
});
