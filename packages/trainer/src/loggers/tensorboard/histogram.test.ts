import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { histogram } from "./histogram";

const rows = async (values: Float32Array) => {
  const flat = await histogram(values);
  return Array.from({ length: flat.length / 3 }, (_, i) => [...flat.subarray(i * 3, i * 3 + 3)]);
};

describe("a histogram", () => {
  test("has 30 buckets of equal width, the last one closed", async () => {
    const counted = await rows(Float32Array.of(0, 0.5, 1, 15.5, 29, 29.5, 30));
    expect(counted).toHaveLength(30);
    expect(counted.map(([left]) => left)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(counted.map(([, right]) => right)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    const counts = counted.map(([, , count]) => count);
    expect(counts[0]).toBe(2);
    expect(counts[1]).toBe(1);
    expect(counts[15]).toBe(1);
    expect(counts[29]).toBe(3);
  });

  test("of equal values counts them in the last bucket", async () => {
    const counted = await rows(Float32Array.of(2, 2, 2));
    expect(counted.every(([left, right]) => left === 2 && right === 2)).toBe(true);
    expect(counted.map(([, , count]) => count)).toEqual([...new Array(29).fill(0), 3]);
  });

  test("leaves out what is not finite, and of nothing is zeros", async () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect(await rows(Float32Array.of(...odd, 1, 4))).toEqual(await rows(Float32Array.of(1, 4)));
    expect(await rows(Float32Array.from(odd))).toEqual(await rows(new Float32Array(0)));
    expect(await histogram(new Float32Array(0))).toEqual(new Float64Array(90));
  });

  test("counts each value once, in the bucket it lies in, whatever the values", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.float32Array({ noNaN: true, minLength: 1, maxLength: 200 }),
        async (values) => {
          const finite = [...values].filter(Number.isFinite);
          const counted = await rows(values);
          expect(counted.reduce((sum, [, , count]) => sum + (count as number), 0)).toBe(
            finite.length,
          );
          if (finite.length === 0) return;
          // 0 and -0 are the same edge.
          expect(counted[0]?.[0] === Math.min(...finite)).toBe(true);
          expect(counted.at(-1)?.[1] === Math.max(...finite)).toBe(true);
          for (const [i, [left, right]] of counted.entries()) {
            expect(left as number).toBeLessThanOrEqual(right as number);
            if (i > 0) expect(left === counted[i - 1]?.[1]).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
