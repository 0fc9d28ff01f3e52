import { ReasonedError } from "@bioflax/wheels";

/** What stands in the way of an installation. */
export type InstallFault =
  | "platform"
  | "package"
  | "python"
  | "tensorflow"
  | "network"
  | "space"
  | "digest"
  | "compiler"
  | "compilation"
  | "proof";

/** Something that an installation needs and does not have: what it is, and what gets it. */
export class InstallError extends ReasonedError<InstallFault> {
  override name = "InstallError";
}
