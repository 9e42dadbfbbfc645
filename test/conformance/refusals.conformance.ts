import { KubernetesClient, reasonOf } from "./kubernetes-client";
import { MISTAKES, SOUND } from "./mistakes";
import { Run } from "./run";

const client = new KubernetesClient(Run.current().connection);

// Were these accepted, the acceptance of our own objects would prove nothing.
describe("the API server refuses", () => {
  test.each(MISTAKES)("%s", async (_, object, reason) => {
    const answer = await client.create({ ...object, metadata: { ...object.metadata, name: "broken" } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(reasonOf(answer)).toContain(reason);
  });

  test.each(SOUND.map((object) => [object.kind, object] as const))("but no %s without a mistake", async (_, object) => {
    expect(reasonOf(await client.create(object))).toMatch(/^201 /);
  });
});
