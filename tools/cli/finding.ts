import type { Finding } from "../../tenancy/finding";
import { wrap } from "./table";

export { type Finding, findingsOf } from "../../tenancy/finding";

/** `tenants.json:5:7: …`, one after the other; what does not fit into a line goes on below, indented. */
export function findingLines(findings: readonly Finding[]): string {
  return findings.map((finding) => wrap(`${placeText(finding)}${finding.message}`, "  ")).join("");
}

function placeText({ file, line, column }: Finding): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return place === "" ? "" : `${place}: `;
}
