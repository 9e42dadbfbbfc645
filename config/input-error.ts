/** What a person gave is wrong and the message says how to mend it; a stack trace would not help. */
export class InputError extends Error {
  public override readonly name: string = "InputError";
}
