import type { Conv2dSpec, DepthwiseConv2dSpec } from "./specs";

/** What a separable convolution is told. */
export interface SeparableConv2dOptions extends Omit<DepthwiseConv2dSpec, "type"> {
  /** How many filters, and so channels that come out. */
  readonly filters: number;
}

/**
 * A separable convolution as a network has it: two layers, a depthwise convolution without bias and one of 1×1 after
 * it, each with a kernel of its own for the rule, and so feedback weights of its own.
 *
 * Chollet 2017, "Xception: deep learning with depthwise separable convolutions", CVPR.
 *
 * @param options what a depthwise convolution takes, and `filters`; activation and bias are the second's, `inputs` the
 *   first's, and of a `name` the first has `_depthwise` at its end.
 * @returns the specs of both, for a network's list of layers.
 * @example
 * const layers = [...separableConv2d({ filters: 32, kernelSize: 3, activation: "relu" }), { type: "flatten" }];
 */
export function separableConv2d({
  filters,
  kernelSize,
  depthMultiplier,
  strides,
  padding,
  dilationRate,
  inputs,
  name,
  activation,
  useBias,
  biasInitializer,
  ...shared
}: SeparableConv2dOptions): [depthwise: DepthwiseConv2dSpec, pointwise: Conv2dSpec] {
  return [
    {
      type: "depthwiseConv2d",
      kernelSize,
      ...(depthMultiplier !== undefined && { depthMultiplier }),
      ...(strides !== undefined && { strides }),
      ...(padding !== undefined && { padding }),
      ...(dilationRate !== undefined && { dilationRate }),
      ...(inputs !== undefined && { inputs }),
      ...(name !== undefined && { name: `${name}_depthwise` }),
      ...shared,
      useBias: false,
    },
    {
      type: "conv2d",
      filters,
      kernelSize: 1,
      ...(activation !== undefined && { activation }),
      ...(useBias !== undefined && { useBias }),
      ...(biasInitializer !== undefined && { biasInitializer }),
      ...(name !== undefined && { name }),
      ...shared,
    },
  ];
}
