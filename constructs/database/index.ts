export { DATABASE_ALARM_BOUNDS } from "./alarms";
export * from "./database";
export * from "./names";
export * from "./outputs";
export * from "./replica";
export { MONITOR } from "./users";
