import { printableName } from "@bioflax/core";

/**
 * Why a request came to nothing: nobody answered (in time, or without an error of the server's own), the host name is
 * unknown, its certificate is not one we know, what answered is no MLflow server, it wants other credentials, or it
 * understood and refused.
 */
export type MlflowFailure =
  | "unreachable"
  | "unknownHost"
  | "untrusted"
  | "foreign"
  | "denied"
  | "refused";

/** The most characters of what a server says that a person is told. */
const LONGEST = 300;

/** A request to an MLflow server that came to nothing. */
export class MlflowError extends Error {
  override name = "MlflowError";

  /**
   * @param message what happened, in the past tense, without saying where; a server's own words are cut and made safe
   *   to print.
   * @param code MLflow's own code, such as `RESOURCE_DOES_NOT_EXIST`.
   */
  constructor(
    message: string,
    readonly failure: MlflowFailure,
    readonly code?: string,
  ) {
    super(printableName(message, LONGEST));
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "the connection was cut",
  UND_ERR_SOCKET: "the connection was cut",
  ENOTFOUND: "there is no host of that name",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
};

/**
 * What is behind the error of a request that got no answer.
 *
 * @param error what `fetch` has thrown.
 * @param milliseconds that an answer was waited for.
 * @throws the error itself when it is not about the network.
 */
export function reasonOf(error: unknown, milliseconds: number): MlflowError {
  const { name, cause } = error as Error;
  if (name === "TimeoutError")
    return new MlflowError(`there was no answer within ${milliseconds / 1000} s`, "unreachable");
  if (name === "AbortError") return new MlflowError("there was no answer in time", "unreachable");
  if (name !== "TypeError" || cause === undefined) throw error;
  const { code = "", message } = cause as NodeJS.ErrnoException;
  return new MlflowError(reasons[code] ?? message, failureOf(code));
}

function failureOf(code: string): MlflowFailure {
  if (code === "ENOTFOUND") return "unknownHost";
  if (code.includes("CERT")) return "untrusted";
  // An http server that is talked to in https.
  return code === "EPROTO" || code.startsWith("ERR_SSL") ? "foreign" : "unreachable";
}
