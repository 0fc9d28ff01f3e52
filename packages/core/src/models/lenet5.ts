import { defineModel, expectImage } from "./model";

/**
 * LeNet-5 with relu and max pooling: convolutions of 6, 16 and 120 filters of 5×5, then 84 dense units and the output,
 * as BioTorch has it. Images smaller than 32×32, such as MNIST's, are padded up to it.
 *
 * LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition", Proceedings of the
 * IEEE 86.
 *
 * @throws BioflaxError for examples that are not images of at least 28×28.
 */
export const lenet5 = defineModel({
  name: "lenet5",
  title: "LeNet-5",
  inputs: "images",
  options: {},
  layers({ inputShape, outputs, layer }) {
    const [height, width] = expectImage("lenet5", inputShape, 28);
    const convolution = (filters: number, padding: "same" | "valid" = "valid") =>
      ({ type: "conv2d", filters, kernelSize: 5, padding, activation: "relu", ...layer }) as const;
    return [
      convolution(6, height < 32 || width < 32 ? "same" : "valid"),
      { type: "maxPooling2d" },
      convolution(16),
      { type: "maxPooling2d" },
      convolution(120),
      { type: "flatten" },
      { type: "dense", units: 84, activation: "relu", ...layer },
      { type: "dense", units: outputs, ...layer },
    ];
  },
});
