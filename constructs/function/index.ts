export * from "./function-bundle";
export * from "./node-function";
