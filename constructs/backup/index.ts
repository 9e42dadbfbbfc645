export * from "./alarms";
export * from "./database-backup";
export * from "./restore-test";
export * from "./vault";
