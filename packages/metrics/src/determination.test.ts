import { float64Tensor, getLoss, Random, referenceOps } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { determination, EvaluationTotal, squaredError, targetVariance } from "./index";

describe("R²", () => {
  const random = new Random(0, "determination");
  const targets = Float64Array.from({ length: 60 }, (_, i) => 10 * (i % 3) + random.normal());

  test("is 1 for what is right, 0 for each output's mean, and negative for worse", () => {
    const mean = (output: number) =>
      targets.filter((_, i) => i % 3 === output).reduce((sum, t) => sum + t / 20, 0);
    const means = targets.map((_, i) => mean(i % 3));
    expect(determination(targets, targets, 3)).toBe(1);
    expect(determination(targets, means, 3)).toBeCloseTo(0, 12);
    expect(
      determination(
        targets,
        means.map((value) => value + 5),
        3,
      ),
    ).toBeLessThan(-1);
  });

  test("by hand: squares of errors sum to 1, those of differences from the mean to 2", () => {
    expect(determination([1, 2, 3], [1, 2, 4], 1)).toBe(0.5);
  });

  // The squared correlation, which is sometimes meant by it, is 1 here.
  test("is lower for a wrong scale", () => {
    expect(determination([1, 2, 3], [2, 4, 6], 1)).toBeCloseTo(-6, 12);
  });

  test("of targets that are all the same is not a number", () => {
    expect(determination([2, 2], [2, 2], 1)).toBeNaN();
  });

  test("is what batches of a network's outputs add up to", () => {
    const loss = getLoss("meanSquaredError");
    const outputs = targets.map((t) => t + random.normal());
    const total = new EvaluationTotal();
    for (const [from, rows] of [
      [0, 12],
      [12, 8],
    ] as const) {
      const [y, t] = [outputs, targets].map((all) =>
        float64Tensor(all.slice(3 * from, 3 * (from + rows)), [rows, 3]),
      ) as [ReturnType<typeof float64Tensor>, ReturnType<typeof float64Tensor>];
      const { squaredError: sum } = squaredError(referenceOps, loss, y, t);
      total.add(rows, ["squaredError"], [0, sum?.data[0] as number]);
    }
    const { squaredError: error = Number.NaN } = total.result(1);
    expect(1 - error / targetVariance(targets, 3)).toBeCloseTo(
      determination(targets, outputs, 3),
      12,
    );
  });

  test("is of values alone", () => {
    const labels = float64Tensor([0], [1]);
    const output = float64Tensor([1, 2], [1, 2]);
    expect(squaredError(referenceOps, getLoss("softmaxCrossEntropy"), output, labels)).toEqual({});
  });
});
