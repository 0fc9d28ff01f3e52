import { BioflaxError } from "@bioflax/core";

/**
 * Where images of one's own are.
 *
 * @param what the files, for the error.
 * @throws BioflaxError when nobody said it.
 */
export function ownPlace(name: string, directory: string | undefined, what: string): string {
  if (directory !== undefined) return directory;
  throw new BioflaxError(
    `Data set ${name}: expected ${what}, received none. Name it (on the command line, --data-dir).`,
  );
}
