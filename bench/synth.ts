import "../stacks/fast-synth";

import { App } from "cdktf";

import { ENVIRONMENTS } from "../config";
import { addPlatform } from "../stacks/platform";
import { parseTenants } from "../tenancy";
import { generateRows, tenantsJson } from "../test/support/fleet";

/** One synth in a process of its own: `synth.ts <tenants> <shards> <outdir>`. */
const [tenants = "500", shards = "20", outdir = "cdktf.out"] = process.argv.slice(2);
const environment = { ...ENVIRONMENTS.production, tenantShards: Number(shards) };
const text = tenantsJson(generateRows(Number(tenants)));

const app = new App({ outdir });
addPlatform(app, environment, parseTenants(text, environment, "tenants.json"));
app.synth();
