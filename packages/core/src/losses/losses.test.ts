import { expect, test } from "@jest/globals";
import { float64Tensor, losses, referenceOps } from "../index";

test("softmax cross-entropy of logits far apart does not overflow", () => {
  const { value, error } = losses.softmaxCrossEntropy.evaluate(
    referenceOps,
    float64Tensor([1000, 0, -1000], [1, 3]),
    float64Tensor([1], [1]),
  );
  expect(value.data[0]).toBeCloseTo(1000, 9);
  expect([...error.data]).toEqual([1, -1, 0]);
});
