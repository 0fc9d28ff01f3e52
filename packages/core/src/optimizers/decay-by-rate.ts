import type { Optimizer } from "./optimizer";

/**
 * An optimizer whose weight decay is multiplied by the learning rate (Loshchilov & Hutter 2019): W ← (1 − η·λ)·W − η·…
 * in place of (1 − λ)·W, so that where η has a schedule, what decays in a step follows it.
 */
export const decayingByRate = ({ update, ...optimizer }: Optimizer): Optimizer => ({
  ...optimizer,
  update(ops, inputs) {
    const { rate, weightDecay } = inputs;
    const areNumbers = typeof rate === "number" && typeof weightDecay === "number";
    const decay = areNumbers ? rate * weightDecay : ops.mul(rate, weightDecay);
    return update(ops, { ...inputs, weightDecay: decay });
  },
});
