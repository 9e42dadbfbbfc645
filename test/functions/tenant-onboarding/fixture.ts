import { ENVIRONMENTS } from "../../../config";
import { OnboardingError } from "../../../functions/tenant-onboarding/src/error";
import { Onboarding } from "../../../functions/tenant-onboarding/src/onboarding";
import { RequestStore } from "../../../functions/tenant-onboarding/src/request-store";
import { FakeTable } from "./fake-table";

/** Rows that stand in tenants.json before any request. */
const ROWS = [
  { id: "acme-corp", name: "Acme Corporation", tier: "enterprise" },
  { id: "green-valley", name: "Green Valley School", tier: "starter", state: "suspended" },
  { id: "old-mill", name: "Old Mill", tier: "starter", state: "offboarding", retainUntil: "2027-12-31" },
  { id: "gone-ltd", name: "Gone", tier: "starter", state: "purged", retainUntil: "2026-01-31" },
];

/** Onboarding over a table in memory and a CI that notes what it is asked. */
export class World {
  public readonly table = new FakeTable();
  public readonly dispatched: Readonly<Record<string, string>>[] = [];
  public now = new Date("2027-06-01T12:00:00Z");
  public tenants = JSON.stringify({ tenants: ROWS });
  /** What CI answers to a dispatch. */
  public ci: () => Promise<void> = () => Promise.resolve();

  public readonly onboarding = new Onboarding({
    environment: ENVIRONMENTS.production,
    store: new RequestStore(this.table.client, "requests", () => Math.floor(this.now.getTime() / 1_000)),
    ci: {
      readTenants: () => Promise.resolve(this.tenants),
      dispatch: async (payload) => {
        await this.ci();
        this.dispatched.push(payload);
      },
    },
    now: () => this.now,
  });

  public handle(event: unknown) {
    return this.onboarding.handle(event);
  }

  /** The error that an event ends in, line by line. */
  public async refusal(event: unknown): Promise<readonly string[]> {
    const error: unknown = await this.handle(event).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return error instanceof OnboardingError ? error.message.split("\n") : [`no OnboardingError: ${String(error)}`];
  }

  public passHours(hours: number): void {
    this.now = new Date(this.now.getTime() + hours * 3_600_000);
  }

  /** A report of CI, as the bus delivers it. */
  public report(detail: object) {
    return this.handle({
      version: "0",
      source: "taskflow.ci",
      "detail-type": "TenantOnboardingReport",
      detail: { tenant_id: "lotus-care", request_id: REQUEST, run: "4711", ...detail },
    });
  }
}

export const REQUEST = "7f1c2d3e-0001";

/** A request that is right. */
export function provision(rest: object = {}) {
  return {
    action: "provision",
    tenant_id: "lotus-care",
    tier: "starter",
    config: { name: "Lotus Care" },
    request_id: REQUEST,
    ...rest,
  };
}

export function deprovision(tenantId: string, rest: object = {}) {
  return {
    action: "deprovision",
    tenant_id: tenantId,
    config: { retain_until: "2028-03-31" },
    request_id: REQUEST,
    ...rest,
  };
}
