import { defineLoss } from "./loss";

/** Half the mean squared error over all elements, as bioflax has it: L = ½ mean (y − t)² and δ = (y − t) / size. */
export const meanSquaredError = defineLoss({
  name: "meanSquaredError",
  targets: ["values"],
  elements(ops, output, target) {
    const difference = ops.sub(output, target);
    return { elements: ops.mul(difference, difference), error: difference };
  },
  factor: 1 / 2,
  divisor: (outputs) => outputs,
});
