import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Split, wholeSplit } from "./dataset";
import { splitValidation } from "./split-validation";

const rows = (count: number): Split =>
  wholeSplit({ inputs: new Float32Array(count), targets: new Float32Array(count), count });

describe("splitValidation", () => {
  test("the parts are disjoint, complete and in the split's order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 500 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.nat(),
        (count, fraction, seed) => {
          const split = rows(count);
          const { train, validation } = splitValidation(split, fraction, seed);
          const parts = [train.indices, validation?.indices ?? new Int32Array()];
          for (const part of parts) expect(part).toEqual(part.slice().sort());
          expect(parts.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual([
            ...split.indices,
          ]);
          expect(Math.abs(train.indices.length - count * (1 - fraction))).toBeLessThan(1 + 1e-5);
          expect(train.examples).toBe(split.examples);
          expect(validation?.examples ?? split.examples).toBe(split.examples);
        },
      ),
    );
  });

  test.each([
    [60000, 0.1, 54000],
    [60000, 0.9, 6000],
    [60000, 0.2, 48000],
    [50000, 0.3, 35000],
    [10, 0.25, 7],
    [3, 0.5, 1],
  ])("%d rows with a fraction of %d keep %d to train on", (count, fraction, kept) => {
    const { train, validation } = splitValidation(rows(count), fraction, 0);
    expect([train.indices.length, validation?.indices.length]).toEqual([kept, count - kept]);
  });

  test("a fraction of 0 keeps the split and has no validation part", () => {
    const split = rows(5);
    expect(splitValidation(split, 0, 0)).toEqual({ train: split });
  });

  test("rows are those of the split, not positions in it", () => {
    const { examples } = rows(100);
    const { train, validation } = splitValidation(
      { examples, indices: Int32Array.of(90, 91, 92, 93) },
      0.5,
      0,
    );
    expect([...train.indices, ...(validation?.indices ?? [])].sort()).toEqual([90, 91, 92, 93]);
  });

  test("the seed decides, and nothing else does", () => {
    const validationOf = (seed: number) =>
      splitValidation(rows(1000), 0.1, seed).validation?.indices;
    expect(validationOf(1)).toEqual(validationOf(1));
    expect(validationOf(1)).not.toEqual(validationOf(2));
  });

  test.each([
    [-0.1, 10, "from 0 up to, but not including, 1, received -0.1. Use 0.1 to set a tenth"],
    [1, 10, "received 1."],
    [Number.NaN, 10, "received NaN."],
    [
      0.9,
      5,
      "a validation fraction of 0.9 leaves none of 5 examples to train on. Use a smaller fraction",
    ],
  ])("a fraction of %d of %d rows is refused", (fraction, count, message) => {
    expect(() => splitValidation(rows(count), fraction, 0)).toThrow(
      expect.objectContaining({ name: "BioflaxError", message: expect.stringContaining(message) }),
    );
  });
});
