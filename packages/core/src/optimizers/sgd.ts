import { BioflaxError } from "../errors";
import { defineOptimizer, type OptimizerOptions } from "./definition";
import { descend } from "./descend";

/**
 * Stochastic gradient descent with momentum and decoupled weight decay.
 *
 * m ← ∂L/∂W + μ·m,  W ← (1 − λ)·W − η·m, or with Nesterov's momentum W ← (1 − λ)·W − η·(∂L/∂W + μ·m)  (optax's `sgd`;
 * the decay is not multiplied by η).
 *
 * @throws BioflaxError for Nesterov's momentum without momentum.
 */
export const sgd = defineOptimizer({
  name: "sgd",
  options: {
    /** Momentum μ; 0 when left out, and then nothing is remembered. */
    momentum: { type: "number", default: 0, from: 0, below: 1, doc: "momentum" },
    /**
     * Whether a step looks ahead along the momentum (Nesterov 1983, as Sutskever et al. 2013 write it); false when left
     * out.
     */
    nesterov: { type: "flag", default: false, doc: "whether it looks ahead along its momentum" },
  },
  examples: [{ momentum: 0.9 }, { momentum: 0.8, nesterov: true }],
  create({ momentum, nesterov }) {
    if (nesterov && momentum === 0)
      throw new BioflaxError(
        "nesterov: expected a momentum above 0 beside it, received 0. Set one, or leave nesterov out.",
      );
    return {
      slots: momentum === 0 ? [] : ["momentum"],
      fused:
        momentum === 0 ? { kind: "gradientDescent" } : { kind: "momentum", momentum, nesterov },
      update(ops, inputs) {
        const { gradient, slots } = inputs;
        const [trace] = slots;
        if (trace === undefined) return { parameter: descend(ops, inputs, gradient), slots: [] };
        const moved = ops.axpby(momentum, trace, 1, gradient);
        const direction = nesterov ? ops.axpby(momentum, moved, 1, gradient) : moved;
        return { parameter: descend(ops, inputs, direction), slots: [moved] };
      },
    };
  },
});

/** Options of {@link sgd}. */
export type SgdOptions = OptimizerOptions<typeof sgd>;
