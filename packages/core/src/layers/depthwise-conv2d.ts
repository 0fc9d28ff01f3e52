import { shapeOps } from "../ops/shape-ops";
import type { TensorOps } from "../ops/tensor-ops";
import type { LayerDefinition } from "./definition";
import { kernelLayer } from "./kernel-layer";
import { layerOptionNames } from "./option-names";
import { expectCount } from "./options";
import type { DepthwiseConv2dSpec } from "./specs";
import { anyImage, expectImages, resolveWindow } from "./windows";

/**
 * A depthwise convolution: y = φ(h ∗ W + b), where each channel has kernels of its own, as many as the depth
 * multiplier says, and sees no other.
 *
 * It is a convolution in as many groups as there are channels; the error at a channel comes from those that were made
 * of it, with M, of the kernel's shape, in the place of W.
 *
 * Chollet 2017, "Xception: deep learning with depthwise separable convolutions", CVPR.
 *
 * @param spec kernelSize, depthMultiplier and so on.
 * @param inputShape `[height, width, in]`; kernel [...kernelSize, in, depthMultiplier], bias [in · depthMultiplier].
 * @throws BioflaxError for an option out of its range, an input that is not an image, or a kernel larger than it.
 */
export const depthwiseConv2d: LayerDefinition<DepthwiseConv2dSpec> = {
  name: "depthwiseConv2d",
  hasKernel: true,
  probe: [5, 4, 2],
  examples: [
    { kernelSize: 2, activation: "tanh" },
    { kernelSize: [3, 2], depthMultiplier: 3, strides: 2, padding: "same", useBias: false },
  ],
  optionNames: layerOptionNames.depthwiseConv2d,
  largest: () => anyImage(),
  create(spec, inputShape) {
    const { kernelSize, depthMultiplier = 1, strides = 1, padding, dilationRate } = spec;
    expectCount("depthwiseConv2d", "depthMultiplier", depthMultiplier);
    const image = expectImages("depthwiseConv2d", inputShape);
    const [, , channels] = image;
    const own = resolveWindow("depthwiseConv2d", "kernelSize", image, {
      size: kernelSize,
      strides,
      padding,
      dilationRate,
    });
    const window = { ...own, groups: channels };
    const [rows, columns] = window.size;
    const filters = channels * depthMultiplier;
    const [, ...outputShape] = shapeOps.conv2d(
      [1, ...inputShape],
      [rows, columns, 1, filters],
      window,
    );
    /** A kernel's elements as those of a convolution in groups. */
    const inGroups = <T>(ops: TensorOps<T>, kernel: T): T =>
      ops.reshape(kernel, [rows, columns, 1, channels * (ops.shape(kernel)[3] as number)]);
    return kernelLayer(spec, {
      inputShape,
      outputShape,
      kernelShape: [rows, columns, channels, depthMultiplier],
      // What goes into a unit comes from one channel.
      fans: [rows, columns, 1, filters],
      apply: (ops, input, kernel) => ops.conv2d(input, inGroups(ops, kernel), window),
      kernelGradient(ops, input, error) {
        const gradient = ops.conv2dKernelGradient(input, error, window);
        const each = (ops.shape(error)[3] as number) / channels;
        return ops.reshape(gradient, [rows, columns, channels, each]);
      },
      backproject: (ops, transport, error) =>
        ops.conv2dInputGradient(
          error,
          inGroups(ops, transport),
          [ops.shape(error)[0] as number, ...inputShape],
          window,
        ),
    });
  },
};
