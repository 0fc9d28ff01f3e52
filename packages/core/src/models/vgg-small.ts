import type { LayerSpec } from "../layers/specs";
import { defineModel, expectImage } from "./model";

/**
 * A small network after VGG: three blocks of two 3×3 convolutions, 32, 64 and 128 filters, each with batch
 * normalisation and relu, and a max pooling; then 128 dense units and the output.
 *
 * Simonyan & Zisserman 2015, "Very deep convolutional networks for large-scale image recognition", ICLR.
 *
 * @throws BioflaxError for examples that are not images of at least 8×8.
 */
export const vggSmall = defineModel({
  name: "vggSmall",
  title: "a small network after VGG",
  inputs: "images",
  options: {},
  layers({ inputShape, outputs, layer }) {
    expectImage("vggSmall", inputShape, 8);
    const convolution = (filters: number): LayerSpec[] => [
      { type: "conv2d", filters, kernelSize: 3, padding: "same", useBias: false, ...layer },
      { type: "batchNormalization", momentum: 0.9, epsilon: 1e-5 },
      { type: "activation", activation: "relu" },
    ];
    return [
      ...[32, 64, 128].flatMap((filters): LayerSpec[] => [
        ...convolution(filters),
        ...convolution(filters),
        { type: "maxPooling2d" },
      ]),
      { type: "flatten" },
      { type: "dense", units: 128, activation: "relu", ...layer },
      { type: "dense", units: outputs, ...layer },
    ];
  },
});
