import { adam } from "./adam";
import { defineOptimizer } from "./definition";

/**
 * AdamW (Loshchilov & Hutter 2019, algorithm 2): {@link adam} whose weight decay is multiplied by the learning rate.
 *
 * W ← (1 − η·λ)·W − η·m̂ / (√v̂ + ε)  (optax's `adamw`). Where all others here decay by λ a step, whatever η is, this
 * one decays as its users know it, and where η has a schedule, by that step's.
 */
export const adamw = defineOptimizer({
  name: "adamw",
  options: adam.options,
  examples: [{ epsilon: 1e-3 }],
  create(options) {
    const { slots, fused, update } = adam.create(options);
    return {
      slots,
      ...(fused !== undefined && { fused }),
      update(ops, inputs) {
        const { rate, weightDecay } = inputs;
        const areNumbers = typeof rate === "number" && typeof weightDecay === "number";
        const decay = areNumbers ? rate * weightDecay : ops.mul(rate, weightDecay);
        return update(ops, { ...inputs, weightDecay: decay });
      },
    };
  },
});
