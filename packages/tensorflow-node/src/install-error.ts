/** What stands in the way of an installation. */
export type InstallFault =
  | "platform"
  | "package"
  | "python"
  | "tensorflow"
  | "network"
  | "space"
  | "compiler"
  | "compilation"
  | "proof";

/** Something that an installation needs and does not have: what it is, and what gets it. */
export class InstallError extends Error {
  override name = "InstallError";
  readonly fault: InstallFault;
  /** Why it cannot go on: a sentence. */
  readonly reason: string;
  /** What to do about it: a sentence. */
  readonly remedy: string;

  constructor(
    { fault, reason, remedy }: Pick<InstallError, "fault" | "reason" | "remedy">,
    options?: ErrorOptions,
  ) {
    super(`${reason} ${remedy}`, options);
    this.fault = fault;
    this.reason = reason;
    this.remedy = remedy;
  }
}
