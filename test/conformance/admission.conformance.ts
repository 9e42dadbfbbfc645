import { LABELS } from "../../config";
import { exportManifests } from "../../tools/manifests/export";
import type { KubernetesObject } from "../../tools/manifests/object";
import { type AdmissionCases, relabelled } from "./admission/case";
import { ADMISSION_CASES } from "./admission/cases";
import { enforceAdmission, policiesOf } from "./admission/enforce";
import { mutantsOf } from "./admission/mutants";
import type { Answer } from "./engines/http";
import { createMissingNamespaces } from "./establish";
import { objectAt } from "./json";
import { isAccepted, KubernetesClient, reasonOf } from "./kubernetes-client";
import { Run } from "./run";

const run = Run.current();
const client = new KubernetesClient(run.connection);
const manifests = exportManifests(run.outDir);
const policies = policiesOf(manifests);

/** Long enough for an API server to notice a dozen changes of a policy, a second each. */
const MUTATION_MILLISECONDS = 300_000;

/** The ways to write a namespace's labels. */
const NAMESPACE_WRITES = [undefined, "status", "finalize"] as const;

beforeAll(async () => {
  await createMissingNamespaces(client, manifests);
  await enforceAdmission(client, manifests);
});

/** The object that exists under the name of the first, changed into the second. */
async function askToTurn(existing: KubernetesObject, wanted: KubernetesObject, subresource?: string): Promise<Answer> {
  const { body } = await client.read(existing);
  const labels = { ...objectAt(body, "metadata", "labels"), ...wanted.metadata.labels };
  return client.askToReplace(
    {
      ...body,
      ...wanted,
      metadata: { ...objectAt(body, "metadata"), labels },
      ...("spec" in body ? { spec: { ...objectAt(body, "spec"), ...objectAt(wanted, "spec") } } : {}),
    },
    subresource,
  );
}

const turnIntoUnprivileged = (subresource?: string): Promise<Answer> => {
  const wanted = relabelled("pod-security.kubernetes.io/enforce", "privileged");
  return askToTurn(wanted, wanted, subresource);
};

test("every synthesized policy has its cases, and every case its policy", () => {
  const names = policies.map(({ metadata }) => metadata.name ?? "");
  expect(ADMISSION_CASES.map(({ policy }) => policy).sort()).toEqual(names.sort());
});

describe.each(ADMISSION_CASES)("$policy", ({ policy, sound, refused }) => {
  const refusal = `ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied request: `;

  test.each(refused)("refuses $title", async ({ object, reason }) => {
    const answer = await client.askToCreate(object);
    expect(answer.status).toBe(403);
    expect(reasonOf(answer)).toContain(refusal + reason);
  });

  test.each(sound.map((object, index) => [`${object.kind} (${index + 1})`, object] as const))(
    "lets a sound %s pass",
    async (_, object) => {
      // One that is there already conflicts, after it was admitted.
      expect(reasonOf(await client.askToCreate(object))).toMatch(/^(201|409) /);
    },
  );

  if (policy !== "tenant-kinds") {
    test("refuses the change of a sound object into one that is not", async () => {
      const [existing, first] = [sound[0], refused[0]] as [KubernetesObject, (typeof refused)[number]];
      expect(reasonOf(await client.apply(existing))).toMatch(/^20[01] /);
      expect(reasonOf(await askToTurn(existing, existing))).toMatch(/^200 /);
      expect(reasonOf(await askToTurn(existing, first.object))).toContain(refusal + first.reason);
    });
  }
});

describe("the labels of a tenant's namespace", () => {
  test.each(NAMESPACE_WRITES)("cannot be changed by way of %s", async (subresource) => {
    expect(reasonOf(await turnIntoUnprivileged(subresource))).toContain(
      "label pod-security.kubernetes.io/enforce: 'privileged'; allowed: restricted",
    );
  });

  test.each([LABELS.tenant, LABELS.tier, "istio-injection", "pod-security.kubernetes.io/enforce"])(
    "cannot be removed: %s",
    async (label) => {
      const { body } = await client.read(relabelled(label, undefined));
      const labels = { ...objectAt(body, "metadata", "labels"), [label]: undefined };
      const bare = { ...relabelled(label, undefined), metadata: { ...objectAt(body, "metadata"), labels } };
      expect(reasonOf(await client.askToReplace(bare))).toContain(`label ${label}: ''; allowed: `);
    },
  );
});

describe("without any one of its rules or kinds, a policy lets something through", () => {
  const attempts = ({ policy, refused }: AdmissionCases): readonly (() => Promise<Answer>)[] => [
    ...refused.map(
      ({ object }) =>
        () =>
          client.askToCreate(object),
    ),
    ...(policy === "tenant-namespaces" ? NAMESPACE_WRITES.map((write) => () => turnIntoUnprivileged(write)) : []),
  ];

  afterEach(async () => {
    await enforceAdmission(client, manifests);
  });

  test.each(ADMISSION_CASES)(
    "$policy",
    async (cases) => {
      const policy = policies.find(({ metadata }) => metadata.name === cases.policy) as KubernetesObject;
      const mutants = mutantsOf(policy);
      expect(mutants.length).toBeGreaterThan(0);
      for (const mutant of mutants) {
        await enforceAdmission(client, manifests);
        expect(reasonOf(await client.apply(mutant.policy))).toMatch(/^200 /);
        await client.waitFor(`a case of ${cases.policy} that passes without ${mutant.lacks}`, async () => {
          const answers = await Promise.all(attempts(cases).map((attempt) => attempt()));
          return answers.some(isAccepted);
        });
      }
    },
    MUTATION_MILLISECONDS,
  );
});
