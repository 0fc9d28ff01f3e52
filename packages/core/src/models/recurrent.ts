import { BioflaxError } from "../errors";
import type { LayerSpec } from "../layers/specs";
import { defineModel } from "./model";
import { asSequence } from "./sequences";

/**
 * An architecture of recurrent layers of one kind, the last of which puts out its last state. Images are sequences of
 * their rows; symbols are embedded, with as many numbers as the first layer has units.
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
    layers({ hiddenLayers, ...options }): LayerSpec[] {
      const { layer, outputs } = options;
      const [first] = hiddenLayers;
      if (first === undefined)
        throw new BioflaxError(
          `${name}: expected "hiddenLayers" to have the units of at least one layer, received none.`,
        );
      return [
        ...asSequence(name, options, first).layers,
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
