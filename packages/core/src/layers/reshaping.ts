import { BioflaxError } from "../errors";
import { reshapeShape, sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import { showValue } from "../show-value";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import type { KernelFreeLayer } from "./layer";
import { layerOptionNames } from "./option-names";
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
export const flatten: LayerDefinition<FlattenSpec> = {
  name: "flatten",
  hasKernel: false,
  probe: [3, 2, 2],
  examples: [{}],
  optionNames: layerOptionNames.flatten,
  create(spec, inputShape) {
    return reshaping(spec, inputShape, [sizeOf(inputShape)]);
  },
};

/**
 * An example under another shape, row-major.
 *
 * @throws BioflaxError for a shape that is no list of extents, or holds another number of elements.
 */
export const reshape: LayerDefinition<ReshapeSpec> = {
  name: "reshape",
  hasKernel: false,
  probe: [3, 2, 2],
  examples: [{ targetShape: [4, 3] }],
  optionNames: layerOptionNames.reshape,
  create(spec, inputShape) {
    const { targetShape } = spec;
    if (!Array.isArray(targetShape))
      throw new BioflaxError(
        `reshape: expected targetShape to be a list of extents, such as [4, 3], received ${showValue(targetShape)}.`,
      );
    for (const extent of targetShape) expectCount("reshape", "targetShape", extent);
    return reshaping(spec, inputShape, targetShape);
  },
};
