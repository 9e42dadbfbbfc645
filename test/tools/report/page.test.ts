import { createHash } from "node:crypto";

import type { TenantRow } from "../../../tenancy";
import { page } from "../../../tools/report/page";
import { generateRows } from "../../support/fleet";
import { reportData } from "./data";

const ROWS: readonly TenantRow[] = [
  ...generateRows(10),
  { id: "odd-name", name: 'Odd <b>"Name"</b> & Sons', tier: "starter", state: "suspended" },
];
const WEAK = { "company-0001 company-0002": 0b011 };
const TEXT = page(reportData(ROWS, WEAK));

function inside(element: string): string {
  return new RegExp(`<${element}>([^]*?)</${element}>`).exec(TEXT)?.[1] ?? "";
}

describe("page", () => {
  test("gives the same bytes for the same data", () => {
    expect(page(reportData([...ROWS].reverse(), WEAK))).toBe(TEXT);
  });

  test("allows its own style and script by hash, and nothing else at all", () => {
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(TEXT)?.[1];
    const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    expect(policy).toBe(
      `default-src 'none'; style-src ${hash(inside("style"))}; script-src ${hash(inside("script"))}; ` +
        "base-uri 'none'; form-action 'none'",
    );
  });

  test("refers to nothing outside of itself", () => {
    expect(TEXT).not.toMatch(/\b(src|href|action)="(?!#)/);
    expect(TEXT).not.toMatch(/url\((?!#)|@import|https?:\/\//);
    expect(TEXT).not.toMatch(/ style="| on[a-z]+="/);
  });

  test("shows tenants' names as text", () => {
    expect(TEXT).toContain("Odd &lt;b&gt;&quot;Name&quot;&lt;/b&gt; &amp; Sons");
    expect(TEXT).not.toContain("Odd <b>");
  });

  test("counts the fleet by tier and state", () => {
    const cells = /<tbody>\s*<tr>([^]*?)<\/tr>/.exec(TEXT)?.[1]?.match(/>\s*([^<>]+?)\s*<\/td>/g) ?? [];
    expect(cells.map((cell) => cell.replaceAll(/[<>]|\/td|\s/g, ""))).toEqual(["starter", "5", "1", "0", "0", "6"]);
  });

  test.each(["fleet", "cost", "headroom", "isolation", "stacks"])("has a section %s that its menu leads to", (id) => {
    expect(TEXT).toContain(`<section id="${id}">`);
    expect(TEXT).toContain(`<a href="#${id}">`);
  });

  test("gives its script the matrix", () => {
    const json = /<script type="application\/json" id="matrix-data">([^]*?)<\/script>/.exec(TEXT)?.[1] ?? "";
    const { tenants, runs } = JSON.parse(json) as {
      readonly tenants: readonly string[];
      readonly runs: readonly number[];
    };
    expect(tenants).toHaveLength(11);
    expect(runs.filter((_, index) => index % 2 === 1).reduce((sum, count) => sum + count, 0)).toBe(121);
  });

  test("names the pairs that lack a layer, and has no such list where none does", () => {
    expect(TEXT.replaceAll(/\s+/g, " ")).toContain(
      "company-0001 → company-0002 </button> without AuthorizationPolicy DENY",
    );
    expect(page(reportData(ROWS))).not.toContain('class="weak"');
  });

  test("is told by words, not by colour alone", () => {
    expect(TEXT.replaceAll(/\s+/g, " ")).toContain("3 layers: 109 pairs");
    expect(TEXT.replaceAll(/\s+/g, " ")).toContain("2 layers: 1 pairs");
  });

  test("does without tenants", () => {
    expect(page(reportData([]))).toContain("0 × 0");
  });
});
