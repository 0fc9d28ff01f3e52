import { describe, expect, test } from "@jest/globals";
import type { Dataset } from "../dataset";
import { blobs } from "./blobs";
import { discs } from "./discs";
import { moons } from "./moons";
import { spirals } from "./spirals";

/** The examples of a data set's test split by class. */
function byClass({ test: { examples }, outputs, inputShape }: Dataset): number[][][] {
  const [features] = inputShape as [number];
  const classes: number[][][] = Array.from({ length: outputs }, () => []);
  examples.targets.forEach((label, i) => {
    classes[label]!.push([...examples.inputs.subarray(i * features, (i + 1) * features)]);
  });
  return classes;
}

describe.each([
  ["spirals", spirals],
  ["blobs", blobs],
] as const)("%s", (name, make) => {
  test("has the sizes asked for, and about as many examples of each class", () => {
    const data = make({
      batchSize: 30,
      trainSetSize: 10,
      testSetSize: 50,
      classes: 5,
      valSplit: 0.2,
    });
    expect(data).toMatchObject({
      name,
      task: "classification",
      inputShape: [2],
      targetShape: [],
      outputs: 5,
    });
    expect([data.train, data.validation, data.test].map((split) => split?.indices.length)).toEqual([
      240, 60, 1500,
    ]);
    for (const { length } of byClass(data)) expect(Math.abs(length - 300)).toBeLessThan(60);
  });

  test("the seed decides everything, and a larger training set leaves the test set as it was", () => {
    const data = make({ batchSize: 10, seed: 5 });
    expect(make({ batchSize: 10, seed: 5 })).toEqual(data);
    expect(make({ batchSize: 10, seed: 6 }).test).not.toEqual(data.test);
    expect(make({ batchSize: 10, seed: 5, trainSetSize: 99 }).test).toEqual(data.test);
    expect(data.train.examples.inputs.slice(0, 20)).not.toEqual(
      data.test.examples.inputs.slice(0, 20),
    );
  });

  test.each([
    [{ batchSize: 0 }, `${name}: expected "batchSize" to be a whole number from 1, received 0.`],
    [
      { batchSize: 1, classes: 0 },
      `${name}: expected "classes" to be a whole number from 1, received 0.`,
    ],
    [
      { batchSize: 1, classes: 1 },
      `${name}: expected "classes" to be at least two, between which there is something to tell, received 1.`,
    ],
    [{ batchSize: 1, noise: -1 }, `${name}: expected "noise" to be a number from 0, received -1.`],
    [{ batchSize: 1, valSplit: 1 }, "expected a validation fraction"],
  ])("refuses %j", (options, message) => {
    expect(() => make(options)).toThrow(
      expect.objectContaining({ name: "BioflaxError", message: expect.stringContaining(message) }),
    );
  });
});

test("without noise, a spiral's example lies where its class and radius say", () => {
  byClass(spirals({ batchSize: 100, classes: 4, noise: 0 })).forEach((points, label) => {
    for (const [x, y] of points as [number, number][]) {
      const radius = Math.hypot(x, y);
      expect(radius).toBeLessThanOrEqual(1);
      const angle = (2 * Math.PI * label) / 4 + 4 * radius;
      expect(x).toBeCloseTo(radius * Math.cos(angle), 5);
      expect(y).toBeCloseTo(radius * Math.sin(angle), 5);
    }
  });
});

test("a blob's examples lie about its centre as far as the noise says, in every dimension", () => {
  const data = blobs({ batchSize: 400, features: 3, classes: 2, noise: 0.5 });
  expect(data.inputShape).toEqual([3]);
  for (const points of byClass(data)) {
    for (const axis of [0, 1, 2]) {
      const values = points.map((point) => point[axis]!);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const spread = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
      expect(spread).toBeCloseTo(0.5, 1);
    }
  }
  expect(() => blobs({ batchSize: 1, features: 0 })).toThrow(
    'expected "features" to be a whole number',
  );
});

describe("moons", () => {
  test("are two half circles, with 0 or 1 for one output, about as many of each", () => {
    const data = moons({ batchSize: 100, testSetSize: 5, noise: 0, seed: 2 });
    expect(data).toMatchObject({ task: "classification", targetShape: [], outputs: 1 });
    const { inputs, targets } = data.test.examples;
    const counts = [0, 0];
    targets.forEach((label, i) => {
      counts[label]! += 1;
      const [x, y] = [inputs[2 * i]!, inputs[2 * i + 1]!];
      const [fromX, up] = label === 0 ? [x, y] : [1 - x, 0.5 - y];
      expect(Math.hypot(fromX, up)).toBeCloseTo(1, 5);
      expect(up).toBeGreaterThanOrEqual(-1e-6);
    });
    expect(Math.abs(counts[0]! - 250)).toBeLessThan(50);
    expect(moons({ batchSize: 100, testSetSize: 5, noise: 0, seed: 2 })).toEqual(data);
    expect(() => moons({ batchSize: 1, noise: -1 })).toThrow('moons: expected "noise"');
  });
});

describe("discs", () => {
  test("give a place several labels or none, each by a disc of radius 1", () => {
    const classes = 4;
    const data = discs({ batchSize: 500, testSetSize: 4, classes, noise: 0, seed: 1 });
    expect(data).toMatchObject({ task: "multi-label", targetShape: [classes], outputs: classes });
    const { inputs, targets, count } = data.test.examples;
    const place = (i: number) => [inputs[2 * i]!, inputs[2 * i + 1]!] as const;
    const rows = Array.from({ length: count }, (_, i) =>
      Array.from(targets.subarray(classes * i, classes * (i + 1))),
    );
    const labels = rows.map((row) => row.reduce((a, b) => a + b));
    for (const number of [0, 1, 2, 3]) expect(labels).toContain(number);
    for (let label = 0; label < classes; label++) {
      const inside = rows.flatMap((row, i) => (row[label] === 1 ? [place(i)] : []));
      expect(inside.length / count).toBeGreaterThan(0.15);
      // No two places of a disc are further apart than its diameter.
      const xs = inside.map(([x]) => x);
      const ys = inside.map(([, y]) => y);
      for (const along of [xs, ys])
        expect(Math.max(...along) - Math.min(...along)).toBeLessThanOrEqual(2);
    }
    expect(discs({ batchSize: 500, testSetSize: 4, classes, noise: 0, seed: 1 })).toEqual(data);
    expect(discs({ batchSize: 10, seed: 3 }).train).not.toEqual(discs({ batchSize: 10 }).train);
    expect(() => discs({ batchSize: 1, classes: 0 })).toThrow('discs: expected "classes"');
  });
});
