export { DATABASE_ALARM_BOUNDS } from "./alarms";
export * from "./database";
export * from "./outputs";
export { MONITOR } from "./users";
