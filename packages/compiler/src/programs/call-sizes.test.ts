import { createTrainable } from "@bioflax/core";
import { expect, test } from "@jest/globals";
import { FittingSteps, isSlow } from "./call-sizes";

test("a few steps are timed first, and then as many fit as take a quarter of a second", () => {
  const fitting = new FittingSteps();
  expect(fitting.count).toBe(8);
  fitting.took(8, 4);
  expect(fitting.count).toBe(500);
  fitting.took(2, 2000);
  expect(fitting.count).toBe(0.25);
});

test("of a step that is known to take long, one is", () => {
  expect(new FittingSteps({ isSlow: true }).count).toBe(1);
  const trainable = createTrainable({
    spec: { inputShape: [15_000], rule: "bp", layers: [{ type: "dense", units: 15_000 }] },
    loss: "meanSquaredError",
    optimizer: { name: "sgd", learningRate: 0.1 },
  });
  expect([isSlow(trainable, 1), isSlow(trainable, 32)]).toEqual([false, true]);
});
