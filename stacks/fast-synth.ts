import type { ISynthesisSession, TerraformStack } from "cdktf";

/**
 * What makes cdktf 0.21 fast enough for 15,000 resources, and linear up to 150,000; imported before any construct is made.
 * The output is the same to the byte without it: `TASKFLOW_PLAIN_SYNTH=1` switches it off, for the benchmark and for the
 * search after a construct that made a bad token.
 */
const PLAIN = process.env["TASKFLOW_PLAIN_SYNTH"] === "1";

/*
 * Each token and construct captures a stack trace that nobody reads unless a resolution fails: half of all time
 * (hashicorp/terraform-cdk#3892). cdktf has no setting for it; CDK_DISABLE_STACK_TRACE leaves the capture in place.
 */
if (!PLAIN) {
  Error.captureStackTrace = (target: object): void => {
    Object.defineProperty(target, "stack", { value: "", configurable: true, writable: true });
  };
}

/**
 * Builds part of a stack when the stack is written and lets go of it after: never more than one shard's constructs are
 * alive, where all of them would have the garbage collector walk gigabytes again and again. What is built so may refer to
 * this stack alone, since references to others are registered before.
 */
export function buildWhenWritten(stack: TerraformStack, build: () => void): void {
  if (PLAIN) {
    build();
    return;
  }
  const { synthesizer } = stack;
  stack.synthesizer = {
    synthesize(session: ISynthesisSession): void {
      const kept = new Set(stack.node.children);
      build();
      synthesizer.synthesize(session);
      for (const child of stack.node.children) {
        if (!kept.has(child)) {
          stack.node.tryRemoveChild(child.node.id);
        }
      }
    },
  };
}
