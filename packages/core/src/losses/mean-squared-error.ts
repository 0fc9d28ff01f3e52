import { sizeOf } from "../ops/shapes";
import type { Loss } from "./loss";

/** Half the mean squared error over all elements, as bioflax has it: L = ½ mean (y − t)² and δ = (y − t) / size. */
export const meanSquaredError: Loss = {
  targets: "values",
  evaluate(ops, output, target) {
    const difference = ops.sub(output, target);
    const size = sizeOf(ops.shape(difference));
    return {
      value: ops.mul(ops.sum(ops.mul(difference, difference)), 0.5 / size),
      error: ops.mul(difference, 1 / size),
    };
  },
};
