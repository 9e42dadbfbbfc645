import "./stacks/fast-synth";

import { join } from "node:path";

import { App } from "cdktf";

import { InputError, loadEnvironment } from "./config";
import { removeOrphans } from "./stacks/orphans";
import { addPlatform } from "./stacks/platform";
import { loadTenants } from "./tenancy";

/** Turns tenants.json into the Terraform JSON of every stack. Wrong input is reported whole, and nothing is written. */
function main(): void {
  const environment = loadEnvironment(process.env["TASKFLOW_ENV"]);
  const tenants = loadTenants(process.env["TASKFLOW_TENANTS"] ?? join(__dirname, "tenants.json"), environment);
  const app = new App();
  addPlatform(app, environment, tenants);
  app.synth();
  removeOrphans(app);
}

try {
  main();
} catch (error) {
  if (!(error instanceof InputError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
