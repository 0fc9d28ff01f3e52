import { BioflaxError } from "../errors";
import { shapeOps } from "../ops/shape-ops";
import type { LayerDefinition } from "./definition";
import { kernelLayer } from "./kernel-layer";
import { layerOptionNames } from "./option-names";
import { expectCount } from "./options";
import type { Conv2dSpec } from "./specs";
import { anyImage, expectImages, resolveWindow } from "./windows";

/**
 * A convolution: y = φ(h ∗ W + b), the same kernel at every place of the image.
 *
 * ∂L/∂W sums hᵀ·e over the places, and the error at h is the transposed convolution of e with M, of the kernel's shape.
 *
 * In groups, each filter sees the channels of its group alone, and an error goes back to those.
 *
 * @param spec filters, kernelSize and so on.
 * @param inputShape `[height, width, in]`; kernel [...kernelSize, in / groups, filters], bias [filters].
 * @throws BioflaxError for an option out of its range, an input that is not an image, or a kernel larger than it.
 */
export const conv2d: LayerDefinition<Conv2dSpec> = {
  name: "conv2d",
  hasKernel: true,
  probe: [5, 4, 2],
  examples: [
    { filters: 3, kernelSize: 2, activation: "tanh" },
    { filters: 2, kernelSize: [3, 2], strides: 2, padding: "same", useBias: false },
    { filters: 4, kernelSize: 2, groups: 2 },
  ],
  optionNames: layerOptionNames.conv2d,
  largest: ({ groups }) => anyImage(groups ?? 1),
  create(spec, inputShape) {
    const { filters, kernelSize, strides = 1, padding, dilationRate, groups = 1 } = spec;
    expectCount("conv2d", "filters", filters);
    expectCount("conv2d", "groups", groups);
    const image = expectImages("conv2d", inputShape);
    if (image[2] % groups !== 0 || filters % groups !== 0)
      throw new BioflaxError(
        `conv2d: expected groups of as many channels and of as many filters each, received ${groups} groups of ${image[2]} channels and ${filters} filters.`,
      );
    const own = resolveWindow("conv2d", "kernelSize", image, {
      size: kernelSize,
      strides,
      padding,
      dilationRate,
    });
    const window = { ...own, ...(groups > 1 && { groups }) };
    const kernelShape = [...window.size, image[2] / groups, filters];
    const [, ...outputShape] = shapeOps.conv2d([1, ...inputShape], kernelShape, window);
    return kernelLayer(spec, {
      inputShape,
      outputShape,
      kernelShape,
      groups,
      apply: (ops, input, kernel) => ops.conv2d(input, kernel, window),
      kernelGradient: (ops, input, error) => ops.conv2dKernelGradient(input, error, window),
      backproject: (ops, transport, error) =>
        ops.conv2dInputGradient(
          error,
          transport,
          [ops.shape(error)[0] as number, ...inputShape],
          window,
        ),
    });
  },
};
