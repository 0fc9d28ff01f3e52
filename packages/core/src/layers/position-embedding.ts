import { BioflaxError } from "../errors";
import { showShape } from "../ops/shapes";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import type { PositionEmbeddingSpec } from "./specs";

/**
 * A learnt vector for each step of a sequence, added to what is there: y = x + P. Attention itself does not know in which
 * order steps are.
 *
 * The error at x is δ, and ∂P = Σ δ over the batch, under every rule. Weight decay leaves P alone.
 *
 * Gehring, Auli, Grangier, Yarats & Dauphin 2017, "Convolutional sequence to sequence learning", ICML 34, section 3.1;
 * the layer's name is KerasHub's.
 *
 * @param inputShape `[steps, units]`; positions [steps, units].
 * @throws BioflaxError for an input that is no sequence.
 */
export const positionEmbedding: LayerDefinition<PositionEmbeddingSpec> = {
  name: "positionEmbedding",
  hasKernel: false,
  probe: [3, 2],
  examples: [{}, { positionsInitializer: "zeros" }],
  optionNames: layerOptionNames.positionEmbedding,
  create(spec, inputShape) {
    const { positionsInitializer = { name: "normal", stddev: 0.02 } } = spec;
    if (inputShape.length !== 2)
      throw new BioflaxError(
        `positionEmbedding: expected an input of shape [steps, units], received ${showShape(inputShape)}; reshape it first.`,
      );
    return kernelFreeLayer(spec, inputShape, {
      weights: [
        {
          role: "positions",
          shape: inputShape,
          initializer: positionsInitializer,
          learns: true,
          decays: false,
        },
      ],
      forward: (ops, { positions }, input) => ({
        input,
        output: ops.add(input, positions as typeof input),
      }),
      backward: (ops, _parameters, _residuals, delta) => ({
        input: delta,
        gradients: { positions: ops.sum(delta, [0]) },
      }),
    });
  },
};
