import { TIER_NAMES, TIERS } from "../../../config";
import { RECORDED } from "../rules";
import { COMPUTE_PRICES } from "./compute-prices";
import { dashboardJson, type Section } from "./dashboard";
import { LEGENDS } from "./legends";
import { PLATFORM_TAG } from "./links";
import { graph, ranking } from "./panels";
import { highest, rate } from "./promql";
import { now, overTime } from "./sources";

/** What tenants' pods cost against what tenants pay, and what of the nodes nobody uses. */
export function costDashboard(): string {
  return dashboardJson({
    uid: "cost",
    title: "Cost",
    description:
      "US dollars a month, on demand, of what tenants' pods keep free. Database, load balancer, traffic and logs are not in it: " +
      "`npx taskflow cost` has them.",
    tags: [PLATFORM_TAG],
    sections: [tiers(), tenants(), nodes()],
  });
}

/** US dollars a month of what a tenant's pods request, by `tenant`, `tier`. */
const COST =
  `${COMPUTE_PRICES.core} * ${RECORDED.tenantCpuRequested} + ` +
  `${COMPUTE_PRICES.gibibyte} * ${RECORDED.tenantMemoryRequested} / 2^30`;

/** US dollars a month that a tenant pays, by `tier`. */
const PRICE = TIER_NAMES.map(
  (tier) => `label_replace(vector(${TIERS[tier].priceUsd}), 'tier', '${tier}', '', '')`,
).join(" or ");

/** US dollars a month that a tier brings in, by `tier`. */
const INCOME = `count by(tier)(${RECORDED.tenantInfo}{state='active'}) * on(tier) (${PRICE})`;

function tiers(): Section {
  return {
    id: 101,
    title: "Tiers",
    lines: [
      {
        panels: [
          graph({
            id: 1,
            title: "Compute a month, by tier",
            question: "What does a tier's share of the nodes cost?",
            unit: "currencyUSD",
            stacked: true,
            source: overTime({ [LEGENDS.tier]: `sum by(tier)(${COST})` }),
          }),
          graph({
            id: 2,
            title: "Income a month, by tier",
            question: "What do a tier's active tenants pay?",
            unit: "currencyUSD",
            stacked: true,
            source: overTime({ [LEGENDS.tier]: INCOME }),
          }),
          graph({
            id: 3,
            title: "Margin over compute, by tier",
            question:
              "Which share of its price does a tier leave for everything else? Below zero it is sold at a loss.",
            unit: "percentunit",
            bounds: { warning: 0.5, critical: 0 },
            signed: true,
            source: overTime({ [LEGENDS.tier]: `1 - sum by(tier)(${COST}) / (${INCOME})` }),
          }),
        ],
      },
    ],
  };
}

function tenants(): Section {
  return {
    id: 102,
    title: "Tenants",
    lines: [
      {
        panels: [
          ranking({
            id: 4,
            title: "Costliest tenants, a month",
            question: "Who takes most of the nodes?",
            unit: "currencyUSD",
            source: now({ [LEGENDS.tenant]: highest(COST) }),
          }),
          ranking({
            id: 5,
            title: "Compute of the price",
            question: "Who pays too little for what is kept free? At 100 % compute alone takes the price.",
            unit: "percentunit",
            bounds: { warning: 0.5, critical: 1 },
            source: now({ [LEGENDS.tenant]: highest(`(${COST}) / on(tier) group_left() (${PRICE})`) }),
          }),
        ],
      },
    ],
  };
}

function nodes(): Section {
  const cores = "sum(kube_node_status_capacity{resource='cpu'})";
  const used = `sum(${rate("node_cpu_seconds_total", "mode!='idle'")})`;
  return {
    id: 103,
    title: "Nodes",
    lines: [
      {
        panels: [
          graph({
            id: 6,
            title: "Nodes a month",
            question: "How much of what the nodes cost do tenants keep busy? The rest is the platform's, or spare.",
            unit: "currencyUSD",
            source: overTime({ nodes: `${COMPUTE_PRICES.nodeCore} * ${cores}`, tenants: `sum(${COST})` }),
          }),
          graph({
            id: 7,
            title: "CPU used of all nodes",
            question: "Are there too many nodes (brief: 60 % or more is to be used)?",
            unit: "percentunit",
            bounds: { warning: 0.6, critical: 0.3 },
            source: overTime({ used: `${used} / ${cores}` }),
          }),
          graph({
            id: 8,
            title: "Node count",
            question: "Does the autoscaler take nodes away at night?",
            unit: "short",
            source: overTime({ nodes: "count(kube_node_info)" }),
          }),
        ],
      },
    ],
  };
}
