import { describe, expect, test } from "@jest/globals";
import { adding } from "./adding";
import { copy } from "./copy";

describe("copy", () => {
  test("labels are the symbols of so many steps before the last, and every step shows one", () => {
    for (const [sequenceLength, delay, classes] of [
      [6, 0, 3],
      [6, 5, 2],
      [9, 4, 4],
    ] as const) {
      const data = copy({ batchSize: 20, testSetSize: 3, sequenceLength, delay, classes });
      expect(data).toMatchObject({
        name: "copy",
        task: "classification",
        inputShape: [sequenceLength, classes],
        targetShape: [],
        outputs: classes,
      });
      const { inputs, targets, count } = data.test.examples;
      expect(count).toBe(60);
      for (let i = 0; i < count; i++) {
        const steps = Array.from({ length: sequenceLength }, (_, step) => {
          const start = (i * sequenceLength + step) * classes;
          return [...inputs.subarray(start, start + classes)];
        });
        for (const step of steps)
          expect([...step].sort()).toEqual([...new Array(classes - 1).fill(0), 1]);
        expect(steps[sequenceLength - 1 - delay]!.indexOf(1)).toBe(targets[i]);
      }
      expect(new Set(targets).size).toBe(classes);
    }
  });

  test("the seed decides everything, and the delay changes labels' places alone", () => {
    const given = { batchSize: 4, trainSetSize: 2, testSetSize: 2, seed: 5 };
    expect(copy(given)).toEqual(copy(given));
    expect(copy({ ...given, seed: 6 }).test).not.toEqual(copy(given).test);
  });

  test.each([
    [{ delay: 10 }, 'copy: expected "delay" to be a whole number from 0 to 9, one less'],
    [{ delay: -1 }, 'copy: expected "delay" to be a whole number from 0 to 9'],
    [{ sequenceLength: 0 }, 'copy: expected "sequenceLength" to be a whole number from 1'],
    [{ batchSize: 0 }, 'copy: expected "batchSize"'],
  ])("refuses %j", (options, message) => {
    expect(() => copy({ batchSize: 1, ...options })).toThrow(
      expect.objectContaining({ name: "BioflaxError", message: expect.stringContaining(message) }),
    );
  });
});

describe("adding", () => {
  test("targets are the sums of the two marked numbers, one in each half", () => {
    const data = adding({ batchSize: 50, testSetSize: 4, sequenceLength: 7 });
    expect(data).toMatchObject({
      task: "regression",
      inputShape: [7, 2],
      targetShape: [1],
      outputs: 1,
    });
    const { inputs, targets, count } = data.test.examples;
    for (let i = 0; i < count; i++) {
      const steps = Array.from({ length: 7 }, (_, step) => [
        inputs[(i * 7 + step) * 2]!,
        inputs[(i * 7 + step) * 2 + 1]!,
      ]);
      const marked = steps.flatMap(([, mark], step) => (mark === 1 ? [step] : []));
      expect(marked).toHaveLength(2);
      expect(marked[0]).toBeLessThan(3);
      expect(marked[1]).toBeGreaterThanOrEqual(3);
      expect(targets[i]).toBeCloseTo(steps[marked[0]!]![0]! + steps[marked[1]!]![0]!, 6);
      for (const [value] of steps) expect(value! >= 0 && value! < 1).toBe(true);
    }
    const sums = Array.from(targets);
    const mean = sums.reduce((sum, x) => sum + x, 0) / count;
    const variance = sums.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count;
    expect(mean).toBeCloseTo(1, 0);
    expect(variance).toBeGreaterThan(0.12);
    expect(variance).toBeLessThan(0.22);
  });

  test("refuses a sequence too short for two marks", () => {
    expect(() => adding({ batchSize: 1, sequenceLength: 1 })).toThrow(
      'adding: expected "sequenceLength" to be a whole number from 2',
    );
  });
});
