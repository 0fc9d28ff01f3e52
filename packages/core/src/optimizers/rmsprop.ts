import { defineOptimizer, type OptimizerOptions } from "./definition";
import { descend } from "./descend";

/**
 * RMSProp (Tieleman & Hinton 2012, lecture 6.5) with momentum and decoupled weight decay.
 *
 * v ← ρ·v + (1 − ρ)·g²,  m ← g / √(v + ε) + μ·m,  W ← (1 − λ)·W − η·m  (optax's `rmsprop`; the decay is not multiplied
 * by η).
 */
export const rmsprop = defineOptimizer({
  name: "rmsprop",
  options: {
    /** Decay ρ of the mean square; 0.9 when left out. */
    decay: {
      type: "number",
      default: 0.9,
      from: 0,
      to: 1,
      doc: "decay of the mean of squared gradients",
    },
    /** ε under the root; 10⁻⁸ when left out. */
    epsilon: {
      type: "number",
      default: 1e-8,
      from: 0,
      doc: "small number that keeps steps finite where gradients are near 0",
    },
    /** Momentum μ of the scaled gradient; 0 when left out, and then it is not remembered. */
    momentum: { type: "number", default: 0, from: 0, below: 1, doc: "momentum" },
  },
  examples: [{ decay: 0.8, momentum: 0.7, epsilon: 1e-4 }],
  create({ decay, epsilon, momentum }) {
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
  },
});

/** Options of {@link rmsprop}. */
export type RmspropOptions = OptimizerOptions<typeof rmsprop>;
