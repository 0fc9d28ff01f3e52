import type { Optimizer } from "./optimizer";

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Step size η. */
  readonly learningRate: number;
  /** Momentum μ; 0 when left out, and then nothing is remembered. */
  readonly momentum?: number;
}

/**
 * Stochastic gradient descent with momentum and decoupled weight decay.
 *
 * m ← ∂L/∂W + μ·m,  W ← (1 − λ)·W − η·m  (optax's `sgd`; the decay is not multiplied by η).
 */
export function sgd({ learningRate, momentum = 0 }: SgdOptions): Optimizer {
  return {
    slots: momentum === 0 ? [] : ["momentum"],
    update(ops, { parameter, gradient, slots, weightDecay }) {
      const [trace] = slots;
      const direction = trace === undefined ? gradient : ops.axpby(momentum, trace, 1, gradient);
      return {
        parameter: ops.axpby(1 - weightDecay, parameter, -learningRate, direction),
        slots: trace === undefined ? [] : [direction],
      };
    },
  };
}
