import type { LayerSpec } from "../layers/specs";
import { defineModel } from "./model";

/** Dense layers with relu between them: 500-500 and the output, bioflax's default network. Images are flattened. */
export const mlp = defineModel({
  name: "mlp",
  title: "dense layers",
  inputs: "rows",
  options: {
    /** Units of each hidden layer; 500 and 500. */
    hiddenLayers: {
      type: "numbers",
      default: [500, 500],
      from: 1,
      whole: true,
      doc: "units of each hidden layer; none for a single layer",
    },
    /** The activation of each hidden layer; relu of those that are not named. */
    activations: { type: "words", default: [], doc: "activation of each hidden layer" },
    /** Which part of each hidden layer's outputs a training step leaves out; 0. */
    dropout: {
      type: "number",
      default: 0,
      from: 0,
      below: 1,
      doc: "share of each hidden layer's outputs that a training step leaves out",
    },
  },
  layers({ inputShape, outputs, layer, hiddenLayers, activations, dropout }): LayerSpec[] {
    const hidden = hiddenLayers.flatMap((units, index): LayerSpec[] => [
      { type: "dense", units, activation: activations[index] ?? "relu", ...layer },
      ...(dropout > 0 ? [{ type: "dropout", rate: dropout } as const] : []),
    ]);
    return [
      ...(inputShape.length === 1 ? [] : [{ type: "flatten" as const }]),
      ...hidden,
      { type: "dense", units: outputs, activation: "identity", ...layer },
    ];
  },
});
