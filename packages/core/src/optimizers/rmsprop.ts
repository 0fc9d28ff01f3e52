import { descend } from "./descend";
import type { Optimizer } from "./optimizer";

/** Options of {@link rmsprop}. */
export interface RmspropOptions {
  /** Decay ρ of the mean square; 0.9 when left out. */
  readonly decay?: number;
  /** ε under the root; 10⁻⁸ when left out. */
  readonly epsilon?: number;
  /** Momentum μ of the scaled gradient; 0 when left out, and then it is not remembered. */
  readonly momentum?: number;
}

/**
 * RMSProp (Tieleman & Hinton 2012, lecture 6.5) with momentum and decoupled weight decay.
 *
 * v ← ρ·v + (1 − ρ)·g²,  m ← g / √(v + ε) + μ·m,  W ← (1 − λ)·W − η·m  (optax's `rmsprop`; the decay is not multiplied by η).
 */
export function rmsprop({ decay = 0.9, epsilon = 1e-8, momentum = 0 }: RmspropOptions): Optimizer {
  return {
    slots: momentum === 0 ? ["square"] : ["square", "momentum"],
    update(ops, inputs) {
      const { gradient, slots } = inputs;
      const [square, trace] = slots as [typeof gradient, typeof gradient?];
      const v = ops.axpby(decay, square, 1 - decay, ops.mul(gradient, gradient));
      const scaled = ops.div(gradient, ops.sqrt(ops.add(v, epsilon)));
      const direction = trace === undefined ? scaled : ops.axpby(momentum, trace, 1, scaled);
      return {
        parameter: descend(ops, inputs, direction),
        slots: trace === undefined ? [v] : [v, direction],
      };
    },
  };
}
