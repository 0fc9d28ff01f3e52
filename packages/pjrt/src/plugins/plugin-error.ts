import { ReasonedError } from "@bioflax/wheels";

/** What stands in the way of a plugin. */
export type PluginFault =
  /** No plugin for this operating system or processor. */
  | "platform"
  /** No plugin by that name is known. */
  | "name"
  /** It is not there, or is no plugin. */
  | "file"
  /** It speaks another version of the interface. */
  | "version"
  | "python"
  | "network"
  | "space"
  /** What was fetched is not what was pinned. */
  | "digest";

/** A plugin that cannot be had or cannot be used: why, and what to do about it. */
export class PluginError extends ReasonedError<PluginFault> {
  override name = "PluginError";
}
