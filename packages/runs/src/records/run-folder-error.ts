import { BioflaxError } from "@bioflax/core";

/** A folder that is no run, or a file of a run that cannot be used. */
export class RunFolderError extends BioflaxError {
  override name = "RunFolderError";
}
