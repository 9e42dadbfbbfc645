import { exportManifests } from "../../tools/manifests/export";
import { isObject } from "../../tools/manifests/json";
import { enforceAdmission } from "./admission/enforce";
import { createMissingNamespaces, establish } from "./establish";
import { barePod, injectedPod, isInjected, plainPod, replicasOf } from "./injected-pod";
import { isAccepted, KubernetesClient, reasonOf } from "./kubernetes-client";
import { Run } from "./run";
import { nameOf, platformOf, tenantKindsOf } from "./subjects";

const run = Run.current();
const client = new KubernetesClient(run.connection);
const all = exportManifests(run.outDir);
const tenants = tenantKindsOf(all).map(({ title, namespace = "", manifests }) => ({ title, namespace, manifests }));

/** More pods than any tier allows. */
const MANY_PODS = 300;

/** What admission looks at. */
const ADMISSION_KINDS: ReadonlySet<string> = new Set(
  "Namespace PriorityClass ResourceQuota LimitRange ServiceAccount".split(" "),
);

const platform = platformOf(all).manifests;

beforeAll(async () => {
  await createMissingNamespaces(client, platform);
  await enforceAdmission(client, platform);
  for (const manifest of platform) {
    if (ADMISSION_KINDS.has(manifest.object.kind)) {
      await establish(client, manifest);
    }
  }
});

test("the pods of the platform's own Deployments are admitted, with a sidecar where one is injected", async () => {
  const refusals: string[] = [];
  for (const deployment of platform.map(({ object }) => object).filter(({ kind }) => kind === "Deployment")) {
    const podOf = isInjected(deployment) ? injectedPod : plainPod;
    const answer = await client.create(podOf(deployment, `${deployment.metadata.name ?? ""}-0`));
    if (!isAccepted(answer)) {
      refusals.push(`${nameOf(deployment)}: ${reasonOf(answer)}`);
    }
  }
  expect(refusals).toEqual([]);
});

describe.each(tenants)("pods of $title", ({ namespace, manifests }) => {
  const deployments = manifests.map(({ object }) => object).filter(({ kind }) => kind === "Deployment");
  const quota = manifests.map(({ object }) => object).find(({ kind }) => kind === "ResourceQuota");

  async function podsUsed(): Promise<unknown> {
    if (quota === undefined) {
      throw new Error(`${namespace} has no ResourceQuota`);
    }
    const { status } = (await client.read(quota)).body;
    return isObject(status) && isObject(status["used"]) ? status["used"]["pods"] : undefined;
  }

  beforeAll(async () => {
    for (const manifest of manifests) {
      if (ADMISSION_KINDS.has(manifest.object.kind)) {
        await establish(client, manifest);
      }
    }
    await client.waitFor("the default service account", async () => {
      return isAccepted(await client.get(`/api/v1/namespaces/${namespace}/serviceaccounts/default`));
    });
  });

  test("all replicas of all services and one surge pod, each with its sidecar, fit together", async () => {
    const [surging] = deployments;
    const pods = deployments.flatMap((deployment) =>
      Array.from({ length: replicasOf(deployment) + (deployment === surging ? 1 : 0) }, (_, index) =>
        injectedPod(deployment, `${deployment.metadata.name ?? ""}-${index}`),
      ),
    );
    const refusals: string[] = [];
    for (const pod of pods) {
      const answer = await client.create(pod);
      if (!isAccepted(answer)) {
        refusals.push(`${pod.metadata.name ?? ""}: ${reasonOf(answer)}`);
      }
    }
    expect(refusals).toEqual([]);
    expect(pods.length).toBeGreaterThan(1);
    expect(await podsUsed()).toBe(String(pods.length));
  });

  test("a container that states no resources gets the LimitRange's, or the quota would refuse it", async () => {
    const answer = await client.create(barePod(namespace, "stateless-about-resources"));
    expect(reasonOf(answer)).toMatch(/^201 /);
    expect(answer.body).toMatchObject({
      spec: {
        containers: [
          { resources: { requests: { cpu: expect.any(String) as string, memory: expect.any(String) as string } } },
        ],
      },
    });
  });

  test.each([
    ["a privileged pod", barePod(namespace, "privileged", { securityContext: { privileged: true } }), "privileged"],
    [
      "a pod that mounts the node's files",
      barePod(namespace, "host-path", {}, { volumes: [{ name: "root", hostPath: { path: "/" } }] }),
      "restricted volume types",
    ],
    ["a pod on the node's network", barePod(namespace, "host-network", {}, { hostNetwork: true }), "host namespaces"],
    ["a pod that runs as root", barePod(namespace, "root", {}, { securityContext: { runAsUser: 0 } }), "runAsUser=0"],
  ])("%s is refused by Pod Security", async (_, pod, reason) => {
    const answer = await client.create(pod);
    expect(reasonOf(answer)).toContain('violates PodSecurity "restricted');
    expect(reasonOf(answer)).toContain(reason);
  });

  test("a pod beyond the quota is refused", async () => {
    const [deployment] = deployments;
    if (deployment === undefined) {
      throw new Error(`${namespace} has no Deployment`);
    }
    for (let index = 0; index < MANY_PODS; index += 1) {
      const answer = await client.create(injectedPod(deployment, `beyond-${index}`));
      if (isAccepted(answer)) {
        continue;
      }
      expect(reasonOf(answer)).toContain(`exceeded quota: ${quota?.metadata.name ?? ""}`);
      return;
    }
    throw new Error(`${MANY_PODS} pods were let in`);
  });
});
