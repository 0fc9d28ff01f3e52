import { BioflaxError } from "@bioflax/core";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { expect, test } from "@jest/globals";
import { withClassWeights } from "./class-weights";

/** Four classes, of which the last has an example that is not trained on, and the third none at all. */
const examples = {
  count: 5,
  inputs: new Float32Array(5),
  targets: Int32Array.of(0, 1, 0, 0, 3),
};
const dataset: Dataset = {
  name: "some",
  task: "classification",
  inputShape: [1],
  targetShape: [],
  outputs: 4,
  train: { examples, indices: Int32Array.of(0, 1, 2, 3) },
  test: wholeSplit(examples),
};

const weightsOf = (classWeights: "balanced" | number[]) => {
  const { examples, indices } = withClassWeights({ classWeights }, dataset).train;
  return [...indices].map((row) => examples.weights?.[row] as number);
};

// Reported: balanced weights were divided by all classes, so that their mean was 2 / 4.
test("balanced weights have the mean 1, whichever classes have training examples", () => {
  const weights = weightsOf("balanced");
  // scikit-learn's compute_class_weight("balanced", classes=[0, 1], y=[0, 1, 0, 0]).
  expect(weights).toEqual([2 / 3, 2, 2 / 3, 2 / 3].map(Math.fround));
  expect(weights.reduce((sum, weight) => sum + weight) / 4).toBeCloseTo(1, 6);
});

// Reported: with 0 for every class a run trained nothing, and said nothing.
test.each([
  ["of every class", [0, 0, 0, 0]],
  ["of every class that has training examples", [0, 0, 1, 2]],
])("a weight of 0 %s is refused", (_, weights) => {
  expect(() => weightsOf(weights)).toThrow(BioflaxError);
  expect(() => weightsOf(weights)).toThrow(
    "--class-weights: expected a number above 0 for at least one class that has training examples in some, " +
      `received ${weights.join(", ")}, with which nothing is learned.`,
  );
  expect(weightsOf([0, 1, 0, 0])).toEqual([0, 1, 0, 0]);
});
