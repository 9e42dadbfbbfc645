import { readFileSync } from "node:fs";
import { relative } from "node:path";

import { JsonDocument } from "../../tenancy/document";
import type { Finding as PlacedFinding } from "../cli/finding";
import { compareText } from "../manifests/json";
import { grouped } from "../grouped";

/** What a finding is about, the gravest first. */
const TOPICS = ["reach", "layer", "expectation", "identity", "database", "labels", "eks"] as const;
type Topic = (typeof TOPICS)[number];

export interface Finding {
  readonly topic: Topic;
  /** What is wrong and what would be right. The same for every tenant that it is true of. */
  readonly message: string;
  /** Tenant that it is about. @default - the platform */
  readonly tenant?: string;
}

/** One finding with all the tenants that it is true of, placed at the first one's row. */
export interface ReportedFinding extends PlacedFinding {
  readonly topic: Topic;
  readonly tenants: readonly string[];
  /** The place as messages name it: `tenants.json:6:5`. */
  readonly location?: string;
}

/** Rows of tenants.json by id. */
export class TenantRows {
  private readonly indexes: ReadonlyMap<string, number>;

  private constructor(
    private readonly file: string,
    private readonly document: JsonDocument,
  ) {
    const rows = (document.value as { tenants?: unknown } | undefined)?.tenants;
    this.indexes = new Map(
      (Array.isArray(rows) ? rows : []).map((row: unknown, index) => [
        String((row as { id?: unknown } | null)?.id),
        index,
      ]),
    );
  }

  /** @throws Error of Node if the file cannot be read */
  public static read(file: string): TenantRows {
    return new TenantRows(relative(process.cwd(), file), new JsonDocument(readFileSync(file, "utf8")));
  }

  /** Where a tenant's row stands, or undefined where the file has none: the output is of another one. */
  public locate(tenant: string): Required<Omit<PlacedFinding, "message">> | undefined {
    const index = this.indexes.get(tenant);
    if (index === undefined) {
      return undefined;
    }
    const { line, column } = this.document.problem(["tenants", index], "");
    return { file: this.file, line, column };
  }
}

/** Findings by gravity; what is true of many tenants is told once. */
export function reportFindings(findings: readonly Finding[], rows: TenantRows): readonly ReportedFinding[] {
  return [...grouped(findings, ({ topic, message }) => `${TOPICS.indexOf(topic)} ${message}`)]
    .sort(([left], [right]) => compareText(left, right))
    .flatMap(([, same]) => {
      const [first] = same;
      if (first === undefined) {
        return [];
      }
      const tenants = [...new Set(same.flatMap(({ tenant }) => tenant ?? []))].sort(compareText);
      const place = tenants[0] === undefined ? undefined : rows.locate(tenants[0]);
      const located = place && { ...place, location: `${place.file}:${place.line}:${place.column}` };
      const { topic, message } = first;
      return [{ topic, ...located, tenants, message }];
    });
}
