import { describe, expect, test } from "@jest/globals";
import { costKeyOf } from "./cost-key";
import { sharedOut } from "./estimate";
import { readSweep } from "./read-sweep";

test.each<[number[], number, number]>([
  [[], 2, 0],
  [[3, 3, 3], 1, 9],
  [[3, 3, 3], 2, 6],
  [[5, 1, 1, 1], 2, 5],
  [[1, 1, 5], 2, 6],
])("%j take, %i at a time, %i", (seconds, jobs, expected) => {
  expect(sharedOut(seconds, jobs)).toBe(expected);
});

describe("runs cost the same", () => {
  const keys = async (product: Readonly<Record<string, readonly unknown[]>>) => {
    const { runs } = await readSweep({
      base: { dataset: "sinreg", activations: ["tanh"], hiddenLayers: [4] },
      product,
    });
    return new Set(runs.map(({ config }) => costKeyOf(config))).size;
  };

  test("whatever numbers a step computes with, and how long they go on", async () => {
    const product = {
      lr: [0.1, 0.2],
      momentum: [0, 0.9],
      seed: [0, 1],
      scaleB: [1, 2],
      epochs: [1, 2],
    };
    expect(await keys(product)).toBe(1);
  });

  test.each<[string, readonly unknown[]]>([
    ["mode", ["fa", "dfa"]],
    ["hiddenLayers", [[4], [8]]],
    ["batchSize", [16, 32]],
    ["optimizer", ["sgd", "adam"]],
    ["trainSetSize", [10, 20]],
    ["computeAlignments", [true, false]],
    ["threads", [1, 2]],
  ])("but for another %s", async (name, values) => {
    expect(await keys({ [name]: values })).toBe(2);
  });
});
