import { BioflaxError } from "../errors";
import { showShape } from "../ops/shapes";
import { showValue } from "../show-value";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import type { PreluSpec } from "./specs";

/**
 * A rectifier whose slopes are learned: y = x where x > 0, else α ⊙ x, with an α for each element of an example, or one
 * for all along the shared axes.
 *
 * The error at x is δ where x > 0, else α ⊙ δ, and ∂α = Σ δ ⊙ min(x, 0) over the batch and the shared axes: under
 * every rule α learns from the error that arrives here, as γ and β of a normalisation do. Weight decay leaves it alone.
 *
 * He, Zhang, Ren & Sun 2015, "Delving deep into rectifiers", ICCV, equations 1 and 8.
 *
 * @throws BioflaxError for shared axes that the input does not have.
 */
export const prelu: LayerDefinition<PreluSpec> = {
  name: "prelu",
  hasKernel: false,
  probe: [4],
  anyRank: true,
  examples: [{}, { sharedAxes: [1], alphaInitializer: { name: "constant", value: 0.25 } }],
  optionNames: layerOptionNames.prelu,
  create(spec, inputShape) {
    const { alphaInitializer = "zeros", sharedAxes = [] } = spec;
    const isAxis = (axis: unknown) =>
      Number.isInteger(axis) && (axis as number) >= 1 && (axis as number) <= inputShape.length;
    if (!Array.isArray(sharedAxes) || !sharedAxes.every(isAxis))
      throw new BioflaxError(
        `prelu: expected sharedAxes to be a list of axes from 1 to ${inputShape.length} for an input of ${showShape(inputShape)}, ` +
          `received ${showValue(sharedAxes)}.`,
      );
    const shape = inputShape.map((extent, axis) => (sharedAxes.includes(axis + 1) ? 1 : extent));
    return kernelFreeLayer(spec, inputShape, {
      weights: [
        { role: "alpha", shape, initializer: alphaInitializer, learns: true, decays: false },
      ],
      forward: (ops, { alpha }, input) => ({
        input,
        output: ops.where(ops.greater(input, 0), input, ops.mul(input, alpha as typeof input)),
      }),
      backward(ops, { alpha }, { input }, delta) {
        const gradient = ops.sum(ops.mul(delta, ops.minimum(input, 0)), [0, ...sharedAxes]);
        return {
          input: ops.where(ops.greater(input, 0), delta, ops.mul(delta, alpha as typeof delta)),
          gradients: { alpha: ops.reshape(gradient, shape) },
        };
      },
    });
  },
};
