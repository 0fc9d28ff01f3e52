import { decayingByRate } from "./decay-by-rate";
import { defineOptimizer } from "./definition";
import { sgd } from "./sgd";

/**
 * SGDW (Loshchilov & Hutter 2019, algorithm 1): {@link sgd} whose weight decay is multiplied by the learning rate.
 *
 * W ← (1 − η·λ)·W − η·m. PyTorch's and Keras's SGD add λ'·W to the gradient instead: without momentum that is the same
 * at λ = λ'; with momentum μ it goes through m, by which it comes to λ = λ' / (1 − μ) over many steps.
 *
 * @throws BioflaxError for Nesterov's momentum without momentum.
 */
export const sgdw = defineOptimizer({
  name: "sgdw",
  options: sgd.options,
  examples: [{ momentum: 0.9 }],
  create: (options) => decayingByRate(sgd.create(options)),
});
