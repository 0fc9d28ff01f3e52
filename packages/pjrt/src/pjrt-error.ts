/** The codes of errors, as Abseil's status codes name them; a plugin gives the number. */
const codes = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

/** What kind of error a plugin reported. */
export type PjrtErrorCode = Exclude<(typeof codes)[number], "OK">;

/** An error that a plugin reported, in its own words. */
export class PjrtError extends Error {
  override name = "PjrtError";
  readonly code: PjrtErrorCode;
  /** The function of the C interface that failed, such as `PJRT_Client_Compile`. */
  readonly call: string;

  constructor(code: PjrtErrorCode, words: string, call: string) {
    super(`${code}: ${words} (${call})`);
    this.code = code;
    this.call = call;
  }
}

/** A code by its number; what this version does not know is UNKNOWN. */
export function errorCodeOf(number: number): PjrtErrorCode {
  const code = codes[number];
  return code === undefined || code === "OK" ? "UNKNOWN" : code;
}
