import { BioflaxError } from "@bioflax/core";

/** A plugin that cannot be used: which, why, and what to do. */
export class PluginError extends BioflaxError {
  override name = "PluginError";
}
