import { BioflaxError } from "@bioflax/core";

/**
 * Checks that what a trained network has come to are numbers: weights may be finite and yet so large that nothing after
 * them is.
 *
 * @param what the numbers are, for errors.
 * @param file the weights'.
 * @throws BioflaxError naming the first that is not.
 */
export function checkFinite(values: ArrayLike<number>, what: string, file: string): void {
  for (let place = 0; place < values.length; place++) {
    const value = values[place] as number;
    if (!Number.isFinite(value))
      throw new BioflaxError(
        `${file}: expected weights that give finite numbers, but ${what} came to ${value}. The training that left them diverged, or an ` +
          "input is far from those of the training. Use other weights of the run (--weights best, last or initial), or train again with a lower --lr.",
      );
  }
}
