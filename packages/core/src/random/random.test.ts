import { describe, expect, test } from "@jest/globals";
import { Random } from "../index";

const draw = <V>(n: number, next: () => V) => Array.from({ length: n }, next);
const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe("Random", () => {
  test("the same seed and path give the same stream, others another", () => {
    const stream = (...key: [number, ...(string | number)[]]) => {
      const random = new Random(...key);
      return draw(8, () => random.uint32());
    };
    expect(stream(1, "a", 2)).toEqual(stream(1, "a", 2));
    const streams = [
      stream(1, "a", 2),
      stream(2, "a", 2),
      stream(1, "a", 3),
      stream(1, "a"),
      stream(1, "a2"),
      stream(1),
    ];
    expect(new Set(streams.map(String)).size).toBe(streams.length);
  });

  test("the stream never changes from release to release", () => {
    const random = new Random(0, "weights", "layers.0.kernel");
    expect(draw(4, () => random.uint32())).toMatchInlineSnapshot(`
      [
        208994736,
        2870097840,
        3765472414,
        3881490536,
      ]
    `);
  });

  test("uniform, normal and truncated normal have their moments", () => {
    const random = new Random(3);
    const n = 40_000;
    const uniform = draw(n, () => random.uniform());
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(mean(uniform)).toBeCloseTo(0.5, 2);
    const normal = draw(n, () => random.normal());
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(mean(normal.map((x) => x ** 4))).toBeCloseTo(3, 0);
    const truncated = draw(n, () => random.truncatedNormal());
    expect(Math.max(...truncated.map(Math.abs))).toBeLessThanOrEqual(2);
    expect(Math.sqrt(mean(truncated.map((x) => x * x)))).toBeCloseTo(0.8796, 2);
  });

  test("below takes the rest of a word by the bound, and no word of the last, incomplete run of the bound", () => {
    for (const bound of [
      1,
      3,
      7,
      2 ** 16,
      2 ** 31 - 1,
      2 ** 31 + 11,
      3 * 2 ** 30,
      2 ** 32 - 5,
      2 ** 32,
    ]) {
      const [random, words] = [new Random(5, bound), new Random(5, bound)];
      const limit = 2 ** 32 - (2 ** 32 % bound);
      const taken = () => {
        for (;;) {
          const word = words.uint32();
          if (word < limit) return word % bound;
        }
      };
      expect(draw(50, () => random.below(bound))).toEqual(draw(50, taken));
    }
  });

  test("below is unbiased and permutation holds every number once", () => {
    const random = new Random(4);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[random.below(3)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(300);
    const permutation = random.permutation(1000);
    expect([...permutation].sort((a, b) => a - b)).toEqual(draw(1000, () => 0).map((_, i) => i));
    expect([...permutation]).not.toEqual([...permutation].sort((a, b) => a - b));
  });

  test("below has no modulo bias, permutations are all equally likely, normal pairs are independent", () => {
    const random = new Random(5);
    const n = 20_000;
    const low = draw(n, () => random.below(3 * 2 ** 30)).filter((x) => x < 2 ** 30).length;
    expect(Math.abs(low / n - 1 / 3)).toBeLessThan(0.02);
    const orders = new Map<string, number>();
    for (let i = 0; i < 60_000; i++) {
      const order = String([...random.permutation(3)]);
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    expect(Math.abs(mean(draw(n, () => random.normal() * random.normal())))).toBeLessThan(0.05);
  });

  test.each([-1, 1.5, Number.NaN, 2 ** 53])("refuses the seed %p", (seed) => {
    expect(() => new Random(seed)).toThrow(
      `expected a seed that is a whole number from 0 to 2^53 − 1, received ${seed}`,
    );
  });
});
