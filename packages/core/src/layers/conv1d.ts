import { BioflaxError } from "../errors";
import { shapeOps } from "../ops/shape-ops";
import { showShape } from "../ops/shapes";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import type { Pair } from "../ops/window";
import { showValue } from "../show-value";
import type { LayerDefinition } from "./definition";
import { kernelLayer } from "./kernel-layer";
import { layerOptionNames } from "./option-names";
import { expectCount } from "./options";
import type { Conv1dSpec } from "./specs";
import { resolveWindow } from "./windows";

/** One number, as TensorFlow.js may have it in a list. @throws BioflaxError unless it is a positive whole one. */
function single(option: string, value: number | readonly [number]): Pair {
  const [one, ...others] = [value].flat() as number[];
  if (others.length > 0)
    throw new BioflaxError(
      `conv1d: expected ${option} to be a number, received ${showValue(value)}.`,
    );
  expectCount("conv1d", option, one as number);
  return [one as number, 1];
}

/** A sequence as an image of one column: [batch, steps, channels] → [batch, steps, 1, channels]. */
function asImages<T>(ops: TensorOps<T>, x: T): T {
  const [batch, steps, channels] = ops.shape(x) as [number, number, number];
  return ops.reshape(x, [batch, steps, 1, channels]);
}

/** The other way round. */
function asSequences<T>(ops: TensorOps<T>, x: T): T {
  const [batch, steps, , channels] = ops.shape(x) as [number, number, number, number];
  return ops.reshape(x, [batch, steps, channels]);
}

/**
 * A convolution along the steps of a sequence: y = φ(h ∗ W + b), the same kernel at every step. It is that of images of
 * one column, under every rule.
 *
 * @param spec filters, kernelSize and so on.
 * @param inputShape `[steps, in]`; kernel [kernelSize, in, filters], bias [filters].
 * @throws BioflaxError for an option out of its range, an input that is not a sequence, or a kernel longer than it.
 */
export const conv1d: LayerDefinition<Conv1dSpec> = {
  name: "conv1d",
  hasKernel: true,
  probe: [6, 2],
  examples: [
    { filters: 3, kernelSize: 2, activation: "tanh" },
    { filters: 2, kernelSize: [3], strides: 2, padding: "same", useBias: false },
    { filters: 2, kernelSize: 3, dilationRate: 2 },
  ],
  optionNames: layerOptionNames.conv1d,
  largest: () => [1 << 16, 1],
  create(spec, inputShape) {
    const { filters, kernelSize, strides = 1, padding, dilationRate = 1 } = spec;
    expectCount("conv1d", "filters", filters);
    if (inputShape.length !== 2)
      throw new BioflaxError(
        `conv1d: expected an input of shape [steps, channels], received ${showShape(inputShape)}; reshape it first.`,
      );
    const [steps, channels] = inputShape as [number, number];
    const window = resolveWindow("conv1d", "kernelSize", [steps, 1, channels], {
      size: single("kernelSize", kernelSize),
      strides: single("strides", strides),
      padding,
      dilationRate: single("dilationRate", dilationRate),
    });
    const taps = window.size[0];
    const kernelShape = [taps, channels, filters];
    const asImageKernel = <T>(ops: TensorOps<T>, kernel: T): T =>
      ops.reshape(kernel, [taps, 1, ...ops.shape(kernel).slice(1)]);
    const seen = shapeOps.conv2d([1, steps, 1, channels], [taps, 1, channels, filters], window);
    return kernelLayer(spec, {
      inputShape,
      outputShape: [seen[1] as number, filters],
      kernelShape,
      apply: (ops, input, kernel) =>
        asSequences(ops, ops.conv2d(asImages(ops, input), asImageKernel(ops, kernel), window)),
      kernelGradient(ops, input, error) {
        const gradient = ops.conv2dKernelGradient(
          asImages(ops, input),
          asImages(ops, error),
          window,
        );
        return ops.reshape(gradient, [taps, channels, ops.shape(error).at(-1) as number]);
      },
      backproject(ops, transport, error) {
        const images: Shape = [ops.shape(error)[0] as number, steps, 1, channels];
        return asSequences(
          ops,
          ops.conv2dInputGradient(
            asImages(ops, error),
            asImageKernel(ops, transport),
            images,
            window,
          ),
        );
      },
    });
  },
};
