export * from "./database";
export * from "./outputs";
export { MONITOR } from "./users";
