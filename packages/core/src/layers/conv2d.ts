import { shapeOps } from "../ops/shape-ops";
import type { Shape } from "../ops/tensor-ops";
import { kernelLayer } from "./kernel-layer";
import type { KernelLayer } from "./layer";
import { expectCount } from "./options";
import type { Conv2dSpec } from "./specs";
import { expectImages, resolveWindow } from "./windows";

/**
 * A convolution: y = φ(h ∗ W + b), the same kernel at every place of the image.
 *
 * ∂L/∂W sums hᵀ·e over the places, and the error at h is the transposed convolution of e with M, of the kernel's shape.
 *
 * @param spec filters, kernelSize and so on.
 * @param inputShape `[height, width, in]`; kernel [...kernelSize, in, filters], bias [filters].
 * @throws BioflaxError for an option out of its range, an input that is not an image, or a kernel larger than it.
 */
export function conv2d(spec: Conv2dSpec, inputShape: Shape): KernelLayer {
  const { filters, kernelSize, strides = 1, padding, dilationRate } = spec;
  expectCount("conv2d", "filters", filters);
  const image = expectImages("conv2d", inputShape);
  const window = resolveWindow("conv2d", "kernelSize", image, {
    size: kernelSize,
    strides,
    padding,
    dilationRate,
  });
  const kernelShape = [...window.size, image[2], filters];
  const [, ...outputShape] = shapeOps.conv2d([1, ...inputShape], kernelShape, window);
  return kernelLayer(spec, {
    inputShape,
    outputShape,
    kernelShape,
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
}
