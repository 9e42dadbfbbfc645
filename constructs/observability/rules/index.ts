export { alertmanagerConfig, type AlertmanagerConfigProps } from "./alertmanager";
export { defaultRules } from "./default-rules";
export { alertGroups, MonitoringRules, type MonitoringRulesProps, recordingGroups } from "./monitoring-rules";
export { BURN_RATES, errorBudget, LATENCY_OBJECTIVE_MS, OBJECTIVES } from "./objectives";
export { RECORDED, recordedNames, type Window, WINDOWS } from "./recorded";
export type { AlertingRule, RecordingRule, RuleGroup } from "./rule";
export { QUOTA_SHARE } from "./tenant-alerts";
