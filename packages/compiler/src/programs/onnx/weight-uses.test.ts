import { createTrainable, type NetworkSpec, type RuleName } from "@bioflax/core";
import { expect, test } from "@jest/globals";
import { weightUses } from "./weight-uses";

const BATCH = 5;

/** What a step does with the weights of two dense layers, 6-7-4. */
function uses(rule: RuleName, more: Partial<NetworkSpec> = {}) {
  const spec: NetworkSpec = {
    inputShape: [6],
    layers: [
      { type: "dense", units: 7, activation: "tanh" },
      { type: "dense", units: 4, activation: "identity" },
    ],
    rule,
    ...more,
  };
  const trainable = createTrainable({
    spec,
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1, momentum: 0.9 },
  });
  return weightUses({
    trainable,
    source: {
      inputShape: spec.inputShape,
      targetShape: [],
      inputType: "float32",
      targetType: "int32",
      targetForm: "labels",
      isWeighted: false,
    },
    count: 10,
    batch: BATCH,
    largestBatch: BATCH,
  });
}

test("kernels are right factors first, biases are added to their products, whatever is done with them after", () => {
  expect(Object.fromEntries(uses("bp"))).toEqual({
    "layers.0.kernel": { kind: "factor", extents: [BATCH, 6, 7] },
    "layers.0.bias": { kind: "addend", extents: [BATCH, 6, 7] },
    "layers.1.kernel": { kind: "factor", extents: [BATCH, 7, 4] },
    "layers.1.bias": { kind: "addend", extents: [BATCH, 7, 4] },
  });
});

test("feedback weights that learn are read transposed; those that carry no error are only taught, by so many rows", () => {
  const found = uses("kp");
  expect(found.get("layers.1.feedback")).toEqual({ kind: "transposed", extents: [BATCH, 4, 7] });
  expect(found.get("layers.0.feedback")).toEqual({ kind: "sum", extents: [6, BATCH, 7] });
});

test("fixed feedback weights, which no step changes, are not looked at", () => {
  expect([...uses("fa").keys()].filter((name) => name.endsWith("feedback"))).toEqual([]);
});

test("feedback weights that mirror are read by the batch's errors, or else taught by their noise", () => {
  const found = uses("wm");
  expect(found.get("layers.1.feedback")).toEqual({ kind: "transposed", extents: [BATCH, 4, 7] });
  expect(found.get("layers.0.feedback")).toEqual({ kind: "sum", extents: [6, 32, 7] });
  expect(found.get("layers.0.kernel")).toEqual({ kind: "factor", extents: [BATCH, 6, 7] });
});
