import { describe, expect, test } from "@jest/globals";
import type { Dataset } from "../dataset";
import { takeInputs } from "../take";
import { colorShapes } from "./color-shapes";
import { shapes } from "./shapes";

const SIZE = 3072;
const imagesOf = ({ test: { examples } }: Dataset): { label: number; pixels: number[][] }[] =>
  Array.from(examples.targets, (label, i) => ({
    label,
    pixels: Array.from({ length: SIZE / 3 }, (_, pixel) => [
      ...examples.inputs.subarray(i * SIZE + pixel * 3, i * SIZE + pixel * 3 + 3),
    ]),
  }));

describe("colorShapes", () => {
  test("has the sizes asked for, as bytes, and about as many images of each class", () => {
    const data = colorShapes({ batchSize: 20, trainSetSize: 5, testSetSize: 50, valSplit: 0.2 });
    expect(data).toMatchObject({
      name: "color-shapes",
      task: "classification",
      inputShape: [3072],
      imageShape: [32, 32, 3],
      targetShape: [],
      outputs: 10,
    });
    expect(data.classNames).toEqual(Object.keys(shapes));
    expect([data.train, data.validation, data.test].map((split) => split?.indices.length)).toEqual([
      80, 20, 1000,
    ]);
    expect(data.test.examples.inputs).toBeInstanceOf(Uint8Array);
    expect(data.test.examples.inputs).toHaveLength(1000 * SIZE);
    const counts = new Array(10).fill(0);
    for (const label of data.test.examples.targets) counts[label]++;
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(40);
  });

  test("the seed decides everything, and a larger training set leaves the test set as it was", () => {
    const data = colorShapes({ batchSize: 4, trainSetSize: 2, testSetSize: 2, seed: 5 });
    const again = (options: object) =>
      colorShapes({ batchSize: 4, trainSetSize: 2, testSetSize: 2, seed: 5, ...options });
    expect(again({})).toEqual(data);
    expect(again({ seed: 6 }).test).not.toEqual(data.test);
    expect(again({ trainSetSize: 3 }).test).toEqual(data.test);
    expect(data.train.examples.inputs.slice(0, SIZE)).not.toEqual(
      data.test.examples.inputs.slice(0, SIZE),
    );
  });

  test("without noise, an image has two colours that differ, and its shape lies in the frame", () => {
    for (const { pixels } of imagesOf(
      colorShapes({ batchSize: 60, trainSetSize: 1, testSetSize: 1, noise: 0 }),
    )) {
      const colors = [...new Set(pixels.map(String))].map((text) => text.split(",").map(Number));
      expect(colors).toHaveLength(2);
      const [one, other] = colors as [number[], number[]];
      expect(Math.hypot(...one.map((value, i) => value - other[i]!))).toBeGreaterThan(118);
      const corners = [0, 31, 32 * 31, 32 * 32 - 1].map((at) => String(pixels[at]));
      const ink = pixels.filter((pixel) => String(pixel) !== corners[0]).length;
      // The smallest, a ring or a cross of radius 6, to the largest, a square of radius 12.
      expect(ink).toBeGreaterThan(30);
      expect(ink).toBeLessThan(500);
    }
  });

  test("noise is as large as it says", () => {
    const make = (noise: number) =>
      colorShapes({ batchSize: 50, testSetSize: 1, trainSetSize: 1, noise }).test.examples.inputs;
    // Each row's own corner, left to right: one colour, so all that differs is the noise.
    const differences: number[] = [];
    const inputs = make(5);
    for (let image = 0; image < 50; image++) {
      for (let channel = 0; channel < 3; channel++) {
        const [a, b] = [inputs[image * SIZE + channel]!, inputs[image * SIZE + 3 + channel]!];
        if (a > 20 && a < 235) differences.push(a - b);
      }
    }
    const variance = differences.reduce((sum, x) => sum + x * x, 0) / differences.length;
    // Of the difference of two.
    expect(Math.sqrt(variance / 2)).toBeGreaterThan(4);
    expect(Math.sqrt(variance / 2)).toBeLessThan(6);
  });

  test("is standardised by its own mean and deviation, or only scaled", () => {
    const data = colorShapes({ batchSize: 200, trainSetSize: 1, testSetSize: 1 });
    const values = takeInputs(data.test.examples, data.test.indices, data.normalization);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const square = values.reduce((sum, x) => sum + x * x, 0) / values.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(Math.sqrt(square - mean ** 2)).toBeCloseTo(1, 1);
    expect(colorShapes({ batchSize: 1, trainSetSize: 2, normalize: false }).normalization).toEqual({
      scale: 1 / 255,
      mean: 0,
      standardDeviation: 1,
    });
  });

  test("the mean images of the classes, which are all a linear model sees, tell hardly any apart", () => {
    const data = colorShapes({ batchSize: 100, trainSetSize: 8, testSetSize: 2, valSplit: 0 });
    const { inputs, targets } = data.train.examples;
    const means = Array.from({ length: 10 }, () => new Float64Array(SIZE));
    const counts = new Array(10).fill(0);
    targets.forEach((label, i) => {
      counts[label]++;
      for (let at = 0; at < SIZE; at++) means[label]![at]! += inputs[i * SIZE + at]!;
    });
    const images = data.test.examples;
    const right = images.targets.filter((label, i) => {
      const distances = means.map((mean, k) => {
        let sum = 0;
        for (let at = 0; at < SIZE; at++)
          sum += (mean[at]! / counts[k] - images.inputs[i * SIZE + at]!) ** 2;
        return sum;
      });
      return distances.indexOf(Math.min(...distances)) === label;
    }).length;
    expect(right / images.count).toBeLessThan(0.2);
  });

  test.each([
    [
      { batchSize: 0 },
      'colorShapes: expected "batchSize" to be a whole number from 1, received 0.',
    ],
    [{ batchSize: 1, noise: -1 }, 'colorShapes: expected "noise" to be a number from 0'],
    [{ batchSize: 1, valSplit: 1 }, "expected a validation fraction"],
  ])("refuses %j", (options, message) => {
    expect(() => colorShapes(options)).toThrow(
      expect.objectContaining({ name: "BioflaxError", message: expect.stringContaining(message) }),
    );
  });
});

describe("shapes", () => {
  const grid = Array.from({ length: 41 * 41 }, (_, i) => [
    (i % 41) / 20 - 1,
    Math.floor(i / 41) / 20 - 1,
  ]) as [number, number][];

  test.each(Object.entries(shapes))("a %s is its own mirror image", (_, covers) => {
    // Off the edges, where rounding decides.
    const clear = grid.map(([u, v]) => [u + 0.003, v + 0.003] as const);
    expect(clear.filter(([u, v]) => covers(-u, v) !== covers(u, v))).toEqual([]);
  });

  test("no two are alike, and each covers a good part of its frame", () => {
    const drawn = Object.values(shapes).map((covers) => grid.map(([u, v]) => covers(u, v)));
    for (const [i, one] of drawn.entries()) {
      const share = one.filter(Boolean).length / grid.length;
      expect(share).toBeGreaterThan(0.2);
      expect(share).toBeLessThan(0.8);
      for (const other of drawn.slice(0, i)) {
        const different = one.filter((inside, at) => inside !== other[at]).length;
        expect(different / grid.length).toBeGreaterThan(0.1);
      }
    }
  });
});
