/** An error that says why something cannot be had, and what to do about it. */
export abstract class ReasonedError<Fault extends string = string> extends Error {
  /** What is in the way, for programs. */
  readonly fault: Fault;
  /** Why it cannot go on: a sentence. */
  readonly reason: string;
  /** What to do about it: a sentence. */
  readonly remedy: string;

  constructor(
    { fault, reason, remedy }: Pick<ReasonedError<Fault>, "fault" | "reason" | "remedy">,
    options?: ErrorOptions,
  ) {
    super(`${reason} ${remedy}`, options);
    this.fault = fault;
    this.reason = reason;
    this.remedy = remedy;
  }
}
