import { reshapeShape, sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import { kernelFreeLayer } from "./kernel-free-layer";
import type { KernelFreeLayer } from "./layer";
import { expectCount } from "./options";
import type { FlattenSpec, ReshapeSpec } from "./specs";

function reshaping(
  spec: FlattenSpec | ReshapeSpec,
  inputShape: Shape,
  outputShape: Shape,
): KernelFreeLayer {
  return kernelFreeLayer(spec, inputShape, {
    outputShape: reshapeShape(inputShape, outputShape),
    forward(ops, _parameters, input) {
      const [batch] = ops.shape(input) as [number];
      return { input, output: ops.reshape(input, [batch, ...outputShape]) };
    },
    backward: (ops, _parameters, { input }, delta) => ({
      input: ops.reshape(delta, ops.shape(input)),
    }),
  });
}

/** An example as one vector, row-major. */
export function flatten(spec: FlattenSpec, inputShape: Shape): KernelFreeLayer {
  return reshaping(spec, inputShape, [sizeOf(inputShape)]);
}

/**
 * An example under another shape, row-major.
 *
 * @throws BioflaxError when that shape holds another number of elements.
 */
export function reshape(spec: ReshapeSpec, inputShape: Shape): KernelFreeLayer {
  for (const extent of spec.targetShape) expectCount("reshape", "targetShape", extent);
  return reshaping(spec, inputShape, spec.targetShape);
}
