import ConformanceEnvironment from "../environment";

/** Hands the running mesh to the tests, whose realm is not the set-up's. */
export default class MeshEnvironment extends ConformanceEnvironment {
  public override async setup(): Promise<void> {
    await super.setup();
    this.global.conformanceWorld = globalThis.conformanceWorld;
  }
}
