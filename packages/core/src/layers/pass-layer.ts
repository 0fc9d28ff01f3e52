import type { Shape } from "../ops/tensor-ops";
import type { PassLayer } from "./layer";
import type { PassLayerSpec } from "./specs";

/** A layer without a kernel; it puts out the shape that goes in, and has no weights, unless its maths says otherwise. */
export function passLayer(
  spec: PassLayerSpec,
  inputShape: Shape,
  maths: Pick<PassLayer, "forward" | "backward"> &
    Partial<Pick<PassLayer, "outputShape" | "weights" | "noise">>,
): PassLayer {
  return { hasKernel: false, spec, inputShape, outputShape: inputShape, weights: [], ...maths };
}
