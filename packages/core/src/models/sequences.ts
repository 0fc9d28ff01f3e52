import { BioflaxError } from "../errors";
import type { LayerSpec } from "../layers/specs";
import { showShape, sizeOf } from "../ops/shapes";
import type { ModelOptions } from "./model";

/** Examples as a sequence: of how many steps, and the layers that make one of what is no sequence of features. */
interface AsSequence {
  readonly steps: number;
  readonly layers: readonly LayerSpec[];
  /** Whether the layers are an embedding, so that steps have as many numbers as are asked for. */
  readonly isEmbedded: boolean;
}

/**
 * How a model of sequences takes its examples: numbers of symbols through an embedding, images as sequences of their
 * rows.
 *
 * @param model its name, for errors.
 * @param units how many numbers an embedded symbol has.
 * @throws BioflaxError for examples that are none of these.
 */
export function asSequence(
  model: string,
  { inputShape, symbols, layer }: ModelOptions,
  units: number,
): AsSequence {
  const [steps, ...features] = inputShape as readonly [number, ...number[]];
  if (symbols !== undefined) {
    if (features.length > 0)
      throw new BioflaxError(
        `${model}: expected numbers of symbols of the shape [steps], received ${showShape(inputShape)}.`,
      );
    return {
      steps,
      layers: [{ type: "embedding", inputDim: symbols, outputDim: units, ...layer }],
      isEmbedded: true,
    };
  }
  if (features.length < 1 || features.length > 2)
    throw new BioflaxError(
      `${model}: expected sequences [steps, features] or images, received ${showShape(inputShape)}. Choose a data set of sequences or of images, or the model mlp.`,
    );
  return {
    steps,
    layers:
      features.length === 1 ? [] : [{ type: "reshape", targetShape: [steps, sizeOf(features)] }],
    isEmbedded: false,
  };
}
