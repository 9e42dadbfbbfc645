import type { Case } from "../case";
import { budgetCases } from "./budgets";
import { gatewayCases } from "./gateway";
import { meshCases } from "./mesh";
import { monitoringCases } from "./monitoring";
import { tenantCases } from "./tenants";

export const CASES: readonly Case[] = [
  ...budgetCases(),
  ...tenantCases(),
  ...gatewayCases(),
  ...meshCases(),
  ...monitoringCases(),
];
