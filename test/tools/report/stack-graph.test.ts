import { stackGraph } from "../../../tools/report/stack-graph";

const STACKS = [
  { name: "vpc", resources: 60, dependencies: [] },
  { name: "eks", resources: 1_055, dependencies: ["vpc"] },
  { name: "mesh", resources: 50, dependencies: ["eks", "vpc"] },
  { name: "tenants-00", resources: 10, dependencies: ["eks", "mesh"] },
  { name: "tenants-01", resources: 9, dependencies: ["eks", "mesh"] },
];

describe("stackGraph", () => {
  const { text } = stackGraph(STACKS);

  test("has a box for each stack, and one for a family that needs the same", () => {
    const titles = [...text.matchAll(/<title>\s*([^<]*?)\s*<\/title>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      "eks: 1,055 resources; needs vpc",
      "mesh: 50 resources; needs eks",
      "tenants-00 … 01: 19 resources; needs mesh",
      "vpc: 60 resources",
    ]);
  });

  test("draws no arrow that follows from others", () => {
    expect(text.match(/class="edge"/g)).toHaveLength(3);
  });

  test("stands what needs more further to the right", () => {
    const columns = [...text.matchAll(/<rect[^>]* x="(\d+)"|<rect\s+x="(\d+)"/g)].map(([, one, other]) =>
      Number(one ?? other),
    );
    const [eks = 0, mesh = 0, tenants = 0, vpc = 0] = columns;
    expect(vpc).toBeLessThan(eks);
    expect(eks).toBeLessThan(mesh);
    expect(mesh).toBeLessThan(tenants);
  });

  test("is the same whatever the order of the stacks", () => {
    expect(stackGraph([...STACKS.slice(0, 3).reverse(), ...STACKS.slice(3)]).text).toBe(text);
  });
});
