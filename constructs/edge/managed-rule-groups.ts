/** A rule group that AWS maintains. */
export interface ManagedRuleGroup {
  readonly name: string;
  /** Web ACL capacity units (AWS WAF developer guide, AWS Managed Rules list). */
  readonly capacity: number;
  /** Rules that count instead of blocking, each with the reason. */
  readonly counted: readonly { readonly rule: string; readonly because: string }[];
}

/** In the order of evaluation: what judges the sender first, then what reads the request. */
export const MANAGED_RULE_GROUPS: readonly ManagedRuleGroup[] = [
  { name: "AWSManagedRulesAmazonIpReputationList", capacity: 25, counted: [] },
  {
    name: "AWSManagedRulesAnonymousIpList",
    capacity: 50,
    counted: [
      { rule: "HostingProviderIPList", because: "customers' integrations and webhooks call from other clouds" },
    ],
  },
  {
    name: "AWSManagedRulesCommonRuleSet",
    capacity: 700,
    counted: [
      {
        rule: "SizeRestrictions_BODY",
        because: "uploads and long descriptions exceed the 8 KB that AWS WAF reads behind a load balancer",
      },
    ],
  },
  { name: "AWSManagedRulesKnownBadInputsRuleSet", capacity: 200, counted: [] },
  { name: "AWSManagedRulesSQLiRuleSet", capacity: 200, counted: [] },
];
