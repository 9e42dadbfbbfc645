import { CHARTS, KUBERNETES_VERSION } from "../../config/versions";
import { enforceAdmission } from "./admission/enforce";
import { CRD_SOURCES } from "./engines/crds";
import { createMissingNamespaces, establish } from "./establish";
import { KubernetesClient } from "./kubernetes-client";
import { Run } from "./run";
import { nameOf, subjectsOf } from "./subjects";

const run = Run.current();
const client = new KubernetesClient(run.connection);
const subjects = subjectsOf(run.outDir);

beforeAll(async () => {
  const manifests = subjects.flatMap((subject) => subject.manifests);
  await createMissingNamespaces(client, manifests);
  await enforceAdmission(client, manifests);
});

describe("the engines are those of the platform", () => {
  test("the API server has the minor version that the cluster runs", async () => {
    const { body } = await client.get("/version");
    expect(`${String(body["major"])}.${String(body["minor"])}`).toBe(KUBERNETES_VERSION);
  });

  test("the CRDs are those of the charts' versions", () => {
    expect(CRD_SOURCES.flagger.version).toBe(`v${CHARTS.flagger.version}`);
    expect(CRD_SOURCES.certManager.version).toBe(CHARTS.certManager.version);
  });
});

test("the platform and all three tiers are tested", () => {
  const titles = subjects.map(({ title }) => title).join(", ");
  for (const expected of ["the platform", "(enterprise, active)", "(standard, active)", "(starter, active)"]) {
    expect(titles).toContain(expected);
  }
});

describe.each(subjects)("every object of $title is accepted", ({ manifests }) => {
  test.each(manifests.map((manifest) => [nameOf(manifest.object), manifest] as const))("%s", async (_, manifest) => {
    await establish(client, manifest);
  });
});
