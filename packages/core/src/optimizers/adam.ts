import { defineOptimizer, type OptimizerOptions } from "./definition";
import { descend } from "./descend";

/**
 * Adam (Kingma & Ba 2015, algorithm 1) with decoupled weight decay.
 *
 * m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  W ← (1 − λ)·W − η·m̂ / (√v̂ + ε),
 * where m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) (optax's `adam`; the decay is not multiplied by η).
 */
export const adam = defineOptimizer({
  name: "adam",
  options: {
    /** Decay β₁ of the mean; 0.9 when left out. */
    beta1: {
      type: "number",
      default: 0.9,
      from: 0,
      below: 1,
      doc: "decay of the mean of gradients",
    },
    /** Decay β₂ of the square; 0.999 when left out. */
    beta2: {
      type: "number",
      default: 0.999,
      from: 0,
      below: 1,
      doc: "decay of the mean of squared gradients",
    },
    /** ε beside the root; 10⁻⁸ when left out. */
    epsilon: {
      type: "number",
      default: 1e-8,
      from: 0,
      doc: "small number that keeps steps finite where gradients are near 0",
    },
  },
  examples: [{ beta1: 0.8, beta2: 0.99, epsilon: 1e-3 }],
  create({ beta1, beta2, epsilon }) {
    return {
      slots: ["mean", "square"],
      fused: { kind: "adam", beta1, beta2, epsilon },
      update(ops, inputs) {
        const { gradient, slots, step } = inputs;
        const [mean, square] = slots as [typeof gradient, typeof gradient];
        const m = ops.axpby(beta1, mean, 1 - beta1, gradient);
        const v = ops.axpby(beta2, square, 1 - beta2, ops.mul(gradient, gradient));
        // βᵗ = e^(t·ln β): scalars, so their cost does not grow with the parameter.
        const correction = (beta: number) => ops.sub(1, ops.exp(ops.mul(step, Math.log(beta))));
        const direction = ops.div(
          ops.div(m, correction(beta1)),
          ops.add(ops.sqrt(ops.div(v, correction(beta2))), epsilon),
        );
        return { parameter: descend(ops, inputs, direction), slots: [m, v] };
      },
    };
  },
});

/** Options of {@link adam}. */
export type AdamOptions = OptimizerOptions<typeof adam>;
