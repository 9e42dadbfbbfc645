import { ENVIRONMENTS } from "../../../config";
import type { TenantRow } from "../../../tenancy";
import { limitsCommand } from "../../../tools/limits/command";
import { generateRows } from "../../support/fleet";
import { type Outcome, runCommand, tooWide, withTenantsFile } from "./run-command";

/** Rows of tier enterprise, more than the enterprise pool has nodes for. */
const TOO_MANY = generateRows(110).map((row): TenantRow => ({ ...row, tier: "enterprise" }));

function limits(rows: readonly TenantRow[], ...args: string[]): Promise<Outcome> {
  return withTenantsFile(rows, (path) => runCommand(limitsCommand, ["--tenants", path, ...args]));
}

describe("limits", () => {
  test("exits with 0 and says so while nothing is full", async () => {
    const { out, error, exitCode } = await limits(generateRows(20));
    expect(exitCode).toBe(0);
    expect(error).toBe("");
    expect(out).toMatch(/\n\d+ limits: 0 full, 0 at 80 % or more\n$/);
    expect(tooWide(out)).toEqual([]);
  });

  test("exits with 1 when a pool is full, and names the row since which it is", async () => {
    const { out, exitCode } = await limits(TOO_MANY);
    expect(exitCode).toBe(1);
    expect(out.replaceAll(/\s+/g, " ")).toMatch(
      /tenants\.json:\d+:\d+: Pool enterprise: nodes: \d+ of 30 nodes, 1\d\d %, since company-\d{4} \(config\/platform\.ts, cluster\.nodeGroups\.enterprise\.max\)/,
    );
    expect(tooWide(out.replaceAll(/^.*tenants\.json.*$/gm, ""))).toEqual([]);
  });

  test("prints the same as JSON", async () => {
    const { out, exitCode } = await limits(TOO_MANY, "--json");
    const data = JSON.parse(out) as {
      readonly findings: readonly { readonly line: number; readonly message: string }[];
      readonly firstToBind: readonly { readonly id: string; readonly tenants: number }[];
      readonly limits: readonly { readonly id: string; readonly source: string }[];
      readonly oversubscription: readonly object[];
    };
    expect(exitCode).toBe(1);
    expect(data.findings[0]?.message).toMatch(/^Pool enterprise: nodes: /);
    expect(data.firstToBind[0]?.id).toBe("enterprise-nodes");
    expect(data.limits.every(({ source }) => source.length > 0)).toBe(true);
    expect(data.oversubscription).toHaveLength(3);
  });

  test("prints the same bytes for the same rows in another order", async () => {
    const rows = generateRows(30);
    const [one, other] = await Promise.all([limits(rows, "--json"), limits([...rows].reverse(), "--json")]);
    expect(other.out).toBe(one.out);
  });

  test("tells what an environment of less nodes holds", async () => {
    const { out } = await limits(generateRows(5), "--env", "staging");
    expect(out).toMatch(/^Pool enterprise: nodes\s+\d\s+3 /m);
    expect(ENVIRONMENTS.staging.cluster.nodeGroups.enterprise.max).toBe(3);
  });

  test("says by tier how far limits exceed requests", async () => {
    const { out } = await limits([{ id: "acme", name: "Acme", tier: "standard" }]);
    // Six pods of 60m and 300m: fivefold.
    expect(out).toMatch(/^standard\s+1\s+CPU\s+0\.4\s+0\.6\s+2\.0\s+1\.8\s+\S+\s+5\.0×/m);
  });

  test("is a matter of usage if the file does not exist", async () => {
    const { error, exitCode } = await runCommand(limitsCommand, ["--tenants", "nowhere.json"]);
    expect(error).toBe("error: --tenants nowhere.json: no such file\n");
    expect(exitCode).toBe(2);
  });
});
