import { BioflaxError } from "../errors";
import type { LayerSpec } from "../layers/specs";
import { showShape, sizeOf } from "../ops/shapes";
import { defineModel } from "./model";

/**
 * An architecture of recurrent layers of one kind, the last of which puts out its last state. Images are sequences of
 * their rows.
 */
const recurrent = <const Name extends string>(
  name: Name,
  title: string,
  layerOf: (options: { readonly units: number; readonly returnSequences: boolean }) => LayerSpec,
) =>
  defineModel({
    name,
    title,
    inputs: "sequences",
    options: {
      /** Units of each recurrent layer; 64. */
      hiddenLayers: {
        type: "numbers",
        default: [64],
        from: 1,
        whole: true,
        doc: "units of each recurrent layer; at least one",
      },
    },
    layers({ inputShape, outputs, layer, hiddenLayers }): LayerSpec[] {
      const [steps, ...features] = inputShape as readonly [number, ...number[]];
      if (features.length < 1 || features.length > 2)
        throw new BioflaxError(
          `${name}: expected sequences [steps, features] or images, received ${showShape(inputShape)}. Choose a data set of sequences or of images, or the model mlp.`,
        );
      if (hiddenLayers.length === 0)
        throw new BioflaxError(
          `${name}: expected "hiddenLayers" to have the units of at least one layer, received none.`,
        );
      return [
        ...(features.length === 1
          ? []
          : [{ type: "reshape" as const, targetShape: [steps, sizeOf(features)] }]),
        ...hiddenLayers.map((units, index) => ({
          ...layerOf({ units, returnSequences: index < hiddenLayers.length - 1 }),
          ...layer,
        })),
        { type: "dense", units: outputs, activation: "identity", ...layer },
      ];
    },
  });

/** Simple recurrent layers and the output, a dense layer of the last state. */
export const rnn = recurrent("rnn", "simple recurrent layers", (options) => ({
  type: "simpleRNN",
  ...options,
}));

/** Layers of gated recurrent units and the output, a dense layer of the last state. */
export const gru = recurrent("gru", "gated recurrent units", (options) => ({
  type: "gru",
  ...options,
}));
