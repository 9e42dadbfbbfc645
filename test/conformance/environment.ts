import { TestEnvironment } from "jest-environment-node";
import { Run } from "./run";

/** Notes a failed test or hook where the tear-down can see it: Jest tells the tear-down nothing about results. */
export default class ConformanceEnvironment extends TestEnvironment {
  public handleTestEvent(event: { readonly name: string }): void {
    if (event.name === "test_fn_failure" || event.name === "hook_failure") {
      Run.current().markFailed();
    }
  }
}
