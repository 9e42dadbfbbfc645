import { readFileSync } from "node:fs";

import { RINGS } from "../../config";
import { loadTenants, parseTenants, runs, type Tenant, tenantsByRing } from "../../tenancy";
import { rowsById } from "../../tenancy/rows";
import type { Result } from "../cli/command";
import { type Finding, findingLines } from "../cli/finding";
import type { TenantsInput } from "../cli/options";
import { plural, table } from "../cli/table";
import { setFields } from "../tenant/edit";
import { writeChecked } from "../tenant/edits";

/** Rings with the number of tenants on each release. A tenant whose services differ counts for each of their releases. */
export function releaseStatus({ path, environment }: TenantsInput): Result {
  const rings = [...tenantsByRing(loadTenants(path, environment))].map(([{ name }, tenants]) => ({
    ring: name,
    tenants: tenants.map(({ id }) => id),
    releases: countReleases(tenants),
  }));
  return {
    data: rings,
    text: table(
      [{ title: "ring" }, { title: "tenants", align: "right" }, { title: "releases" }],
      rings.map(({ ring, tenants, releases }) => [
        ring,
        `${tenants.length}`,
        Object.entries(releases)
          .map(([release, count]) => `${release} × ${count}`)
          .join(", ") || "–",
      ]),
    ),
    findings: false,
  };
}

/**
 * Gives a ring a release, if every tenant of the rings before it runs it.
 *
 * @param today - day by which retentions have passed, like 2027-03-31
 * @throws TenantsError if the file is wrong as it stands
 */
export function promote(input: TenantsInput, release: string, ring: string, today: string): Result {
  const text = readFileSync(input.path, "utf8");
  const rows = rowsById(text, input.environment);
  const before = RINGS.slice(
    0,
    RINGS.findIndex(({ name }) => name === ring),
  );
  const rings = tenantsByRing(parseTenants(text, input.environment, input.file));
  const findings = before.flatMap((earlier) =>
    (rings.get(earlier) ?? [])
      .filter((tenant) => !runs(tenant, release))
      .map(({ id, releases }): Finding => {
        const { line, column } = rows.get(id) ?? {};
        const running = [...new Set(Object.values(releases))].join(", ");
        return {
          file: input.file,
          ...(line === undefined || column === undefined ? {} : { line, column }),
          message: `"${id}" of ring ${earlier.name} runs ${running}; allowed: ${release}, before ring ${ring} gets it`,
        };
      }),
  );
  return findings.length > 0 ? refusal(findings) : setRelease(input, release, ring, today);
}

/**
 * Gives a ring a release, whatever the other rings run.
 *
 * @param today - day by which retentions have passed, like 2027-03-31
 * @throws TenantsError if the file is wrong as it stands
 */
export function setRelease(input: TenantsInput, release: string, ring: string, today: string): Result {
  const { path, file, environment } = input;
  const before = readFileSync(path, "utf8");
  const tenants = [...tenantsByRing(parseTenants(before, environment, file))].find(([{ name }]) => name === ring)?.[1];
  const changed = (tenants ?? []).filter((tenant) => !runs(tenant, release)).map(({ id }) => id);
  const text = changed.reduce((edited, id) => setFields(edited, id, { release }), before);
  const findings = writeChecked(input, before, text, today);
  if (findings.length > 0) {
    return refusal(findings);
  }
  const there = (tenants ?? []).length - changed.length;
  const rows = rowsById(text, environment);
  return {
    data: { written: changed.length > 0, file, ring, release, changed },
    text:
      changed.map((id) => `${file}:${rows.get(id)?.line}: "${id}" gets ${release}\n`).join("") +
      `ring ${ring}: ${plural(changed.length, "tenant")} changed, ${there} on ${release} already\n`,
    findings: false,
  };
}

function refusal(findings: readonly Finding[]): Result {
  return { data: { written: false, findings }, text: `${findingLines(findings)}nothing written\n`, findings: true };
}

function countReleases(tenants: readonly Tenant[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const release of tenants.flatMap(({ releases }) => [...new Set(Object.values(releases))])) {
    counts.set(release, (counts.get(release) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
