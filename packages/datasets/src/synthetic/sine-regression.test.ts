import { describe, expect, test } from "@jest/globals";
import { sineRegression } from "./sine-regression";

describe("sineRegression", () => {
  test("has the sizes asked for, with a target for every input", () => {
    const data = sineRegression({
      batchSize: 4,
      trainSetSize: 5,
      testSetSize: 3,
      inDim: 2,
      seqLen: 6,
      valSplit: 0.25,
    });
    expect(data).toMatchObject({
      name: "sine-regression",
      task: "regression",
      inputShape: [2, 6],
      targetShape: [2, 6],
      outputs: 6,
    });
    expect([data.train, data.validation, data.test].map((split) => split?.indices.length)).toEqual([
      15, 5, 12,
    ]);
    expect(data.train.examples.inputs).toHaveLength(20 * 12);
    expect(data.normalization).toBeUndefined();
  });

  test("has bioflax's defaults: 50 and 10 batches of one number, a tenth set aside", () => {
    const data = sineRegression({ batchSize: 32 });
    expect([data.train, data.validation, data.test].map((split) => split?.indices.length)).toEqual([
      1440, 160, 320,
    ]);
    expect([data.inputShape, data.outputs]).toEqual([[1, 1], 1]);
  });

  test("targets are the sines of inputs spread over [−π, π)", () => {
    const { inputs, targets } = sineRegression({ batchSize: 1000 }).train.examples;
    for (const [i, x] of inputs.entries()) expect(targets[i]).toBe(Math.fround(Math.sin(x)));
    const sorted = (inputs as Float32Array).slice().sort();
    expect(sorted[0]).toBeGreaterThanOrEqual(Math.fround(-Math.PI));
    expect(sorted.at(-1)).toBeLessThan(Math.PI);
    // The largest distance to the uniform distribution, which is below 1.63/√n with probability 0.99.
    const distance = Math.max(
      ...sorted.map((x, i) => Math.abs((x + Math.PI) / (2 * Math.PI) - i / sorted.length)),
    );
    expect(distance).toBeLessThan(1.63 / Math.sqrt(sorted.length));
  });

  test("the seed decides everything, and training and test inputs differ", () => {
    const data = sineRegression({ batchSize: 10, seed: 5 });
    expect(sineRegression({ batchSize: 10, seed: 5 })).toEqual(data);
    expect(sineRegression({ batchSize: 10, seed: 6 }).train).not.toEqual(data.train);
    const trained = new Set(data.train.examples.inputs);
    expect([...data.test.examples.inputs].filter((x) => trained.has(x))).toEqual([]);
  });

  test("a larger training set leaves the test set as it was", () => {
    const testOf = (trainSetSize: number) => sineRegression({ batchSize: 8, trainSetSize }).test;
    expect(testOf(20)).toEqual(testOf(5));
  });

  test.each([
    [
      { batchSize: 0 },
      'sineRegression: expected "batchSize" to be a whole number from 1, received 0. Set "batchSize" to 1 or more.',
    ],
    [{ batchSize: 1.5 }, 'expected "batchSize" to be a whole number from 1, received 1.5.'],
    [
      { batchSize: 1, trainSetSize: -1 },
      'expected "trainSetSize" to be a whole number from 1, received -1.',
    ],
    [
      { batchSize: 1, testSetSize: 0 },
      'expected "testSetSize" to be a whole number from 1, received 0.',
    ],
    [{ batchSize: 1, inDim: 0 }, 'expected "inDim" to be a whole number from 1, received 0.'],
    [
      { batchSize: 1, seqLen: Number.NaN },
      'expected "seqLen" to be a whole number from 1, received NaN.',
    ],
    [
      { batchSize: 1, valSplit: 1 },
      "expected a validation fraction from 0 up to, but not including, 1, received 1.",
    ],
    [{ batchSize: 1, seed: -1 }, "expected a seed"],
  ])("refuses %j", (options, message) => {
    expect(() => sineRegression(options)).toThrow(
      expect.objectContaining({ name: "BioflaxError", message: expect.stringContaining(message) }),
    );
  });
});
