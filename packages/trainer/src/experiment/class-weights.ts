import { BioflaxError } from "@bioflax/core";
import { classCount, type Dataset } from "@bioflax/datasets";
import type { Config } from "../config/schema";

/**
 * A data set whose training examples are weighted by their class, as a run's settings say.
 *
 * Balanced weights are examples / (classes × examples of the class), of the classes that have training examples, as
 * scikit-learn has them: each counts as much as any other, and the mean weight is 1. Validation and test examples are
 * never weighted.
 *
 * @throws BioflaxError when there is not one number for each class, or the weight of every training example is 0.
 */
export function withClassWeights(
  { classWeights }: Pick<Config, "classWeights">,
  dataset: Dataset,
): Dataset {
  if (classWeights === undefined) return dataset;
  const { examples, indices } = dataset.train;
  const classes = classCount(dataset);
  const perClass = classWeights === "balanced" ? balanced() : classWeights;
  if (perClass.length !== classes)
    throw new BioflaxError(
      `--class-weights: expected ${classes} numbers, one for each class of ${dataset.name}, or balanced, ` +
        `received ${perClass.length} (${perClass.join(", ") || "none"}).`,
    );
  const weights = Float32Array.from(examples.targets, (label) => perClass[label] as number);
  if (indices.every((row) => weights[row] === 0))
    throw new BioflaxError(
      `--class-weights: expected a number above 0 for at least one class that has training examples in ${dataset.name}, ` +
        `received ${perClass.join(", ")}, with which nothing is learned.`,
    );
  return { ...dataset, train: { examples: { ...examples, weights }, indices } };

  function balanced(): number[] {
    const counts = new Array<number>(classes).fill(0);
    for (const row of indices) {
      const label = examples.targets[row] as number;
      counts[label] = (counts[label] as number) + 1;
    }
    const present = counts.filter((count) => count > 0).length;
    // A class without examples has none to weight.
    return counts.map((count) => (count === 0 ? 0 : indices.length / (present * count)));
  }
}
