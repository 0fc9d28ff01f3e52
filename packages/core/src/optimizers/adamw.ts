import { adam } from "./adam";
import { decayingByRate } from "./decay-by-rate";
import { defineOptimizer } from "./definition";

/**
 * AdamW (Loshchilov & Hutter 2019, algorithm 2): {@link adam} whose weight decay is multiplied by the learning rate.
 *
 * W ← (1 − η·λ)·W − η·m̂ / (√v̂ + ε)  (optax's `adamw`).
 */
export const adamw = defineOptimizer({
  name: "adamw",
  options: adam.options,
  examples: [{ epsilon: 1e-3 }],
  create: (options) => decayingByRate(adam.create(options)),
});
