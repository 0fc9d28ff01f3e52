import { descend } from "./descend";
import type { Optimizer } from "./optimizer";

/** Options of {@link adam}. */
export interface AdamOptions {
  /** Decay β₁ of the mean; 0.9 when left out. */
  readonly beta1?: number;
  /** Decay β₂ of the square; 0.999 when left out. */
  readonly beta2?: number;
  /** ε beside the root; 10⁻⁸ when left out. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1) with decoupled weight decay.
 *
 * m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  W ← (1 − λ)·W − η·m̂ / (√v̂ + ε),
 * where m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) (optax's `adam`; the decay is not multiplied by η).
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions): Optimizer {
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
}
