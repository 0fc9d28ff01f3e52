import type { Shape } from "../ops/tensor-ops";
import type { KernelFreeLayer } from "./layer";
import type { KernelFreeLayerSpec } from "./specs";

/**
 * A layer without a kernel; it puts out the shape that goes in, and has no weights, unless its maths says otherwise.
 */
export function kernelFreeLayer(
  spec: KernelFreeLayerSpec,
  inputShape: Shape,
  maths: Pick<KernelFreeLayer, "forward" | "backward"> &
    Partial<Pick<KernelFreeLayer, "outputShape" | "weights" | "noise">>,
): KernelFreeLayer {
  return { hasKernel: false, spec, inputShape, outputShape: inputShape, weights: [], ...maths };
}
