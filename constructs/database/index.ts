export * from "./database";
export * from "./outputs";
