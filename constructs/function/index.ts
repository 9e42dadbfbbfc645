export * from "./function-bundle";
