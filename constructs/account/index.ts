export * from "./account";
export * from "./encryption-key";
export * from "./service-role";
