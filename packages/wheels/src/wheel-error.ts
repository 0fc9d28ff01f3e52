import { ReasonedError } from "./reasoned-error";

/** What stands in the way of a wheel. */
export type WheelFault =
  /** There is no Python, or none with pip. */
  | "python"
  /** The package index cannot be reached, or pip fails in a way that is not known. */
  | "network"
  /** There is no room for it, or its folder cannot be written to. */
  | "space"
  /** What was fetched is not what was pinned. */
  | "digest"
  /** There is none by that name and version for this machine. */
  | "wheel";

/** Wheels that cannot be had: why, and what to do about it. */
export class WheelError extends ReasonedError<WheelFault> {
  override name = "WheelError";
}
