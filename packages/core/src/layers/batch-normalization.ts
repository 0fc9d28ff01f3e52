import { BioflaxError } from "../errors";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import { showValue } from "../show-value";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import type { LayerWeight } from "./layer";
import { layerOptionNames } from "./option-names";
import { expectFlag } from "./options";
import type { BatchNormalizationSpec } from "./specs";

function weightsOf(
  {
    center = true,
    scale = true,
    gammaInitializer = "ones",
    betaInitializer = "zeros",
    movingMeanInitializer = "zeros",
    movingVarianceInitializer = "ones",
  }: BatchNormalizationSpec,
  shape: Shape,
): LayerWeight[] {
  const weight = (
    role: LayerWeight["role"],
    initializer: LayerWeight["initializer"],
    learns: boolean,
  ): LayerWeight => ({ role, shape, initializer, learns, decays: false });
  return [
    ...(scale ? [weight("gamma", gammaInitializer, true)] : []),
    ...(center ? [weight("beta", betaInitializer, true)] : []),
    weight("movingMean", movingMeanInitializer, false),
    weight("movingVariance", movingVarianceInitializer, false),
  ];
}

/** How many numbers go into the statistics of one channel. */
const countOf = (shape: Shape, axes: readonly number[]) =>
  axes.reduce((count, axis) => count * (shape[axis] as number), 1);

/** Mean and variance (not Bessel's) of each channel. */
function moments<T>(ops: TensorOps<T>, x: T, axes: readonly number[]): [mean: T, variance: T] {
  const share = 1 / countOf(ops.shape(x), axes);
  const mean = ops.mul(ops.sum(x, axes), share);
  const centered = ops.sub(x, mean);
  return [mean, ops.mul(ops.sum(ops.mul(centered, centered), axes), share)];
}

/**
 * Batch normalisation: y = γ·x̂ + β with x̂ = (x − μ) / √(σ² + ε), where μ and σ² are the mean and variance of each
 * channel, in training over the batch and all places, in evaluation the moving ones, which a training step draws closer
 * to the batch's: m ← momentum·m + (1 − momentum)·μ.
 *
 * The error at x is γ/√(σ² + ε) · (δ − mean δ − x̂·mean(δ ⊙ x̂)), in evaluation γ/√(σ² + ε) · δ; ∂γ = Σ δ ⊙ x̂ and ∂β = Σ
 * δ, under every rule.
 *
 * Ioffe & Szegedy 2015, "Batch normalization: accelerating deep network training by reducing internal covariate shift",
 * ICML 37.
 *
 * @param inputShape any, the last axis being the channels, which each weight has one value of.
 * @throws BioflaxError for a momentum not from 0 to 1, an epsilon not above 0, or a `center` or `scale` that is neither
 *   true nor false.
 */
export const batchNormalization: LayerDefinition<BatchNormalizationSpec> = {
  name: "batchNormalization",
  hasKernel: false,
  probe: [3, 2],
  anyRank: true,
  examples: [{}, { center: false, scale: false }],
  optionNames: layerOptionNames.batchNormalization,
  create(spec, inputShape) {
    const { momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = spec;
    expectFlag("batchNormalization", "center", center);
    expectFlag("batchNormalization", "scale", scale);
    const areNumbers = Number.isFinite(momentum) && Number.isFinite(epsilon);
    if (!areNumbers || momentum < 0 || momentum > 1 || epsilon <= 0)
      throw new BioflaxError(
        `batchNormalization: expected a momentum from 0 to 1 and an epsilon above 0, received ${showValue(momentum)} and ${showValue(epsilon)}.`,
      );
    const axes = inputShape.map((_, axis) => axis);
    return kernelFreeLayer(spec, inputShape, {
      weights: weightsOf(spec, [inputShape.at(-1) as number]),
      forward(ops, { gamma, beta, movingMean, movingVariance }, input, training) {
        const [mean, variance] = training
          ? moments(ops, input, axes)
          : [movingMean as typeof input, movingVariance as typeof input];
        const centered = ops.sub(input, mean);
        const inverse = ops.div(1, ops.sqrt(ops.add(variance, epsilon)));
        const scaled = ops.mul(centered, gamma === undefined ? inverse : ops.mul(gamma, inverse));
        const output = beta === undefined ? scaled : ops.add(scaled, beta);
        if (!training) return { input, output, kept: [inverse] };
        const moved = (moving: typeof input | undefined, value: typeof input) =>
          ops.axpby(momentum, moving as typeof input, 1 - momentum, value);
        return {
          input,
          output,
          kept: [inverse, centered],
          updates: {
            movingMean: moved(movingMean, mean),
            movingVariance: moved(movingVariance, variance),
          },
        };
      },
      backward(ops, { gamma, beta }, { input, kept }, delta) {
        const [inverse, centered] = kept as [typeof delta, typeof delta | undefined];
        const factor = gamma === undefined ? inverse : ops.mul(gamma, inverse);
        // The moving statistics do not depend on x.
        if (centered === undefined) return { input: ops.mul(delta, factor) };
        const share = 1 / countOf(ops.shape(input), axes);
        const sum = ops.sum(delta, axes);
        // Σ δ ⊙ x̂, where x̂ = centered · inverse.
        const along = ops.mul(ops.sum(ops.mul(delta, centered), axes), inverse);
        const spread = ops.add(
          ops.mul(centered, ops.mul(ops.mul(along, inverse), share)),
          ops.mul(sum, share),
        );
        return {
          input: ops.mul(ops.sub(delta, spread), factor),
          gradients: {
            ...(gamma === undefined ? {} : { gamma: along }),
            ...(beta === undefined ? {} : { beta: sum }),
          },
        };
      },
    });
  },
};
