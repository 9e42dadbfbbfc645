/** Legends that panels share; `{{label}}` is the label's value. */
export const LEGENDS = { limit: "limit", tenant: "{{tenant}} ({{tier}})", tier: "{{tier}}" } as const;
