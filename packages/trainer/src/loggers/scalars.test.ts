import { expect, test } from "@jest/globals";
import { scalarsOf } from "./scalars";

const record = {
  epoch: 1,
  train: { loss: 0.5 },
  test: { loss: 0.6, accuracy: 0.9 },
  timing: { trainSeconds: 1, evaluateSeconds: 1, examplesPerSecond: 100 },
};

test("alignment that is not defined is not logged, and a loss that is not finite is", () => {
  const alignment = { gradientAngle: Number.NaN, "layers.0.gradientAngle": 12 };
  const scalars = scalarsOf({ ...record, train: { loss: Number.NaN }, alignment }, { lr: 0.1 });
  expect(scalars).toEqual({
    "loss/train": Number.NaN,
    "loss/test": 0.6,
    "accuracy/test": 0.9,
    "gradientAngle/layers.0": 12,
    "training/learningRate": 0.1,
    "training/examplesPerSecond": 100,
  });
});
