import { BioflaxError } from "../errors";
import type { TensorOps } from "../ops/tensor-ops";
import { showValue } from "../show-value";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import type { LayerWeight } from "./layer";
import { layerOptionNames } from "./option-names";
import { expectFlag } from "./options";
import type { LayerNormalizationSpec } from "./specs";

/**
 * Layer normalisation: y = γ ⊙ x̂ + β with x̂ = (x − μ) / √(σ² + ε), where μ and σ² are the mean and variance over the
 * last axis, of each example, and of each place, by itself, in training and in evaluation alike.
 *
 * With g = γ ⊙ δ the error at x is (g − mean g − x̂·mean(g ⊙ x̂)) / √(σ² + ε), ∂γ = Σ δ ⊙ x̂ and ∂β = Σ δ, under every
 * rule.
 *
 * Ba, Kiros & Hinton 2016, "Layer normalization", arXiv 1607.06450, equation 4.
 *
 * @param inputShape any, the last axis being what is normalised over, which γ and β have a value for each of.
 * @throws BioflaxError for an epsilon not above 0, or a `center` or `scale` that is neither true nor false.
 */
export const layerNormalization: LayerDefinition<LayerNormalizationSpec> = {
  name: "layerNormalization",
  hasKernel: false,
  probe: [4],
  anyRank: true,
  examples: [{}, { center: false }, { scale: false, epsilon: 0.1 }],
  optionNames: layerOptionNames.layerNormalization,
  create(spec, inputShape) {
    const { epsilon = 1e-3, center = true, scale = true } = spec;
    const { betaInitializer = "zeros", gammaInitializer = "ones" } = spec;
    expectFlag("layerNormalization", "center", center);
    expectFlag("layerNormalization", "scale", scale);
    if (!Number.isFinite(epsilon) || epsilon <= 0)
      throw new BioflaxError(
        `layerNormalization: expected an epsilon above 0, received ${showValue(epsilon)}.`,
      );
    const units = inputShape.at(-1) as number;
    const last = inputShape.length;
    const others = inputShape.map((_, axis) => axis);
    /** Over the last axis, which stays, of one value. */
    const mean = <T>(ops: TensorOps<T>, x: T): T => ops.mul(ops.sum(x, [last], true), 1 / units);
    const weight = (
      role: LayerWeight["role"],
      initializer: LayerWeight["initializer"],
    ): LayerWeight => ({ role, shape: [units], initializer, learns: true, decays: false });
    return kernelFreeLayer(spec, inputShape, {
      weights: [
        ...(scale ? [weight("gamma", gammaInitializer)] : []),
        ...(center ? [weight("beta", betaInitializer)] : []),
      ],
      forward(ops, { gamma, beta }, input) {
        const centered = ops.sub(input, mean(ops, input));
        const variance = mean(ops, ops.mul(centered, centered));
        const inverse = ops.div(1, ops.sqrt(ops.add(variance, epsilon)));
        const normal = ops.mul(centered, inverse);
        const scaled = gamma === undefined ? normal : ops.mul(normal, gamma);
        const output = beta === undefined ? scaled : ops.add(scaled, beta);
        return { input, output, kept: [normal, inverse] };
      },
      backward(ops, { gamma, beta }, { kept }, delta) {
        const [normal, inverse] = kept as [typeof delta, typeof delta];
        const error = gamma === undefined ? delta : ops.mul(delta, gamma);
        const along = ops.mul(normal, mean(ops, ops.mul(error, normal)));
        return {
          input: ops.mul(ops.sub(ops.sub(error, mean(ops, error)), along), inverse),
          gradients: {
            ...(gamma === undefined ? {} : { gamma: ops.sum(ops.mul(delta, normal), others) }),
            ...(beta === undefined ? {} : { beta: ops.sum(delta, others) }),
          },
        };
      },
    });
  },
};
