import { BioflaxError } from "../errors";

/** Puts a layer's index before an error. @returns the error. */
export function atLayer(index: number, error: unknown): unknown {
  if (error instanceof BioflaxError) error.message = `Layer ${index}: ${error.message}`;
  return error;
}

/** Runs what is done for one layer, and puts its index before its errors. */
export function forLayer<R>(index: number, run: () => R): R {
  try {
    return run();
  } catch (error) {
    throw atLayer(index, error);
  }
}
