export * from "./onboarding";
