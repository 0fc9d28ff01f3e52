import type { LayerDefinition } from "./definition";
import { kernelLayer } from "./kernel-layer";
import { layerOptionNames } from "./option-names";
import { expectCount } from "./options";
import type { Conv2dTransposeSpec } from "./specs";
import { expectImages, expectPair, type ImageShape, resolveWindow } from "./windows";

/**
 * A transposed convolution, by which images become larger: each place puts the kernel, times what is there, around
 * where it is, strides apart, and what falls together is added up; y = φ(that + b).
 *
 * It is what a convolution of its output does to errors, so that its own errors go back by that convolution, with M, of
 * the kernel's shape, in the place of W.
 *
 * Zeiler, Krishnan, Taylor & Fergus 2010, "Deconvolutional networks", CVPR; Dumoulin & Visin 2016, arXiv 1603.07285,
 * chapter 4.
 *
 * @param spec filters, kernelSize and so on.
 * @param inputShape `[height, width, in]`; kernel [...kernelSize, filters, in], as TensorFlow.js has it, bias
 *   [filters].
 * @throws BioflaxError for an option out of its range, or an input that is not an image.
 */
export const conv2dTranspose: LayerDefinition<Conv2dTransposeSpec> = {
  name: "conv2dTranspose",
  hasKernel: true,
  probe: [3, 2, 2],
  examples: [
    { filters: 3, kernelSize: 2, activation: "tanh" },
    { filters: 3, kernelSize: [3, 2], strides: 2, padding: "same", useBias: false },
    { filters: 1, kernelSize: 1, strides: [2, 3] },
  ],
  optionNames: layerOptionNames.conv2dTranspose,
  create(spec, inputShape) {
    const { filters, kernelSize, strides = 1, padding = "valid" } = spec;
    expectCount("conv2dTranspose", "filters", filters);
    const [height, width, channels] = expectImages("conv2dTranspose", inputShape);
    const size = expectPair("conv2dTranspose", "kernelSize", kernelSize);
    const steps = expectPair("conv2dTranspose", "strides", strides);
    const extent = (places: number, axis: 0 | 1) =>
      places * steps[axis] + (padding === "same" ? 0 : Math.max(0, size[axis] - steps[axis]));
    const outputShape: ImageShape = [extent(height, 0), extent(width, 1), filters];
    // Of the convolution that it is the transpose of, which goes over its output.
    const window = resolveWindow("conv2dTranspose", "kernelSize", outputShape, {
      size,
      strides: steps,
      padding,
    });
    return kernelLayer(spec, {
      inputShape,
      outputShape,
      kernelShape: [...size, filters, channels],
      places: height * width,
      unitsAxis: 2,
      fans: [...size, channels, filters],
      apply(ops, input, kernel) {
        const [batch] = ops.shape(input) as [number];
        return ops.conv2dInputGradient(input, kernel, [batch, ...outputShape], window);
      },
      kernelGradient: (ops, input, error) => ops.conv2dKernelGradient(error, input, window),
      backproject: (ops, transport, error) => ops.conv2d(error, transport, window),
    });
  },
};
