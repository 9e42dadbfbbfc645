export * from "./account";
export * from "./alarm-topic";
export * from "./alert-topics";
export * from "./encryption-key";
export * from "./keys-by-alias";
export * from "./metric-alarm";
export * from "./service-role";
export * from "./spending";
