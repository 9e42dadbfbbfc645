import type { Series } from "./promtool";

/** An alert as somebody gets it. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  readonly dashboard: string;
}

/** What happens, and which alerts of one name fire at the end of it. */
export interface Case {
  readonly alert: string;
  /** Completes "<alert> …". */
  readonly says: string;
  readonly given: readonly Series[];
  /** Minutes after the beginning that the alerts are looked at. */
  readonly minutes: number;
  readonly fires: readonly Firing[];
  /** How often rules are evaluated; cases of days would else take minutes. @default "1m" */
  readonly evaluation?: string;
}
