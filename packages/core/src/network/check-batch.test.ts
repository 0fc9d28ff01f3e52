import { describe, expect, test } from "@jest/globals";
import { BioflaxError } from "../errors";
import type { LossName } from "../losses/registry";
import type { Shape } from "../ops/tensor-ops";
import { checkBatch } from "./check-batch";
import { createTrainable } from "./training-step";

const trainable = (loss: LossName, units = 3) =>
  createTrainable({
    spec: {
      inputShape: [2, 5],
      rule: "bp",
      layers: [{ type: "flatten" }, { type: "dense", units }],
    },
    loss,
    optimizer: { name: "sgd", learningRate: 0.1 },
  });

const right = { input: [4, 2, 5], target: [4, 3] };

describe("the shapes of a batch", () => {
  test("are those of the network and the loss", () => {
    const all = { ...right, weights: [4, 1], delayed: [4, 3] };
    expect(() => checkBatch(trainable("meanSquaredError"), all)).not.toThrow();
    expect(() =>
      checkBatch(trainable("softmaxCrossEntropy"), { ...right, target: [4] }),
    ).not.toThrow();
    expect(() =>
      checkBatch(trainable("sigmoidCrossEntropy", 1), { ...right, target: [4] }),
    ).not.toThrow();
  });

  test.each<[string, Shape, string]>([
    ["input", [4, 10], "[4, 2, 5], the network's input for each example, received [4, 10]."],
    ["target", [4, 1], "[4, 3], a row of the outputs' targets for each example, received [4, 1]."],
    ["target", [4], "[4, 3], a row of the outputs' targets for each example, received [4]."],
    ["target", [1, 3], "[4, 3], a row of the outputs' targets for each example, received [1, 3]."],
    ["weights", [4], "[4, 1], a number for each example, received [4]."],
    ["weights", [1, 1], "[4, 1], a number for each example, received [1, 1]."],
    ["weights", [3, 1], "[4, 1], a number for each example, received [3, 1]."],
    ["delayed", [4, 1], "[4, 3], an error for each output of each example, received [4, 1]."],
  ])("%s %j: what would be broadcast is refused, too", (name, shape, text) => {
    const checked = () => checkBatch(trainable("meanSquaredError"), { ...right, [name]: shape });
    expect(checked).toThrow(BioflaxError);
    expect(checked).toThrow(`Batch: expected "${name}" of shape ${text}`);
  });

  test("have an example", () => {
    expect(() =>
      checkBatch(trainable("meanSquaredError"), { input: [0, 2, 5], target: [0, 3] }),
    ).toThrow("Batch: expected at least one example, received none.");
  });

  test("class numbers may be rows where the loss takes rows, too", () => {
    expect(() =>
      checkBatch(trainable("softmaxCrossEntropy"), { ...right, target: [4, 1] }),
    ).toThrow(
      'Batch: expected "target" of shape [4] or [4, 3], a class number or a row for each example, received [4, 1].',
    );
  });
});
