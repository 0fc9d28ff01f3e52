import { describe, expect, test } from "@jest/globals";
import { fewDigits, percent } from "./show";
import { interval, meanAndSd, statistics } from "./statistics";

describe("statistics", () => {
  test("are the mean and the sample standard deviation", () => {
    expect(statistics([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ n: 8, mean: 5, sd: Math.sqrt(32 / 7) });
  });

  test("leave out what was not measured or is not finite, and count the rest", () => {
    expect(statistics([1, Number.NaN, undefined, 3, Number.POSITIVE_INFINITY])).toEqual({
      n: 2,
      mean: 2,
      sd: Math.SQRT2,
    });
  });

  test("of one value have no deviation; of none there are none", () => {
    expect(statistics([3])).toEqual({ n: 1, mean: 3 });
    expect(statistics([Number.NaN])).toBeUndefined();
  });
});

describe("a mean and its deviation", () => {
  test.each<[Parameters<typeof meanAndSd>[0], (value: number) => string, string]>([
    [undefined, percent, "–"],
    [{ n: 1, mean: 97.689 }, percent, "97.69 %"],
    [{ n: 2, mean: 97.689, sd: 0.0834 }, percent, "97.69 ± 0.08 %"],
    [{ n: 2, mean: 0.07531, sd: 0.000827 }, fewDigits, "0.0753 ± 0.0008"],
    [{ n: 2, mean: 3.21e-6, sd: 4.5e-7 }, fewDigits, "3.21e-6 ± 4.5e-7"],
    [{ n: 2, mean: -0.5, sd: 0.25 }, fewDigits, "-0.500 ± 0.250"],
    [{ n: 2, mean: 0, sd: 0 }, fewDigits, "0 ± 0"],
  ])("%j", (result, show, text) => {
    expect(meanAndSd(result, show)).toBe(text);
  });
});

describe("the 95 % interval of a mean", () => {
  // Widths in standard deviations, t(0.975, n − 1)/√n, of R's qt.
  test.each([
    [2, 8.9846],
    [3, 2.4841],
    [5, 1.2417],
    [20, 0.468],
    [31, 0.3668],
    [32, 0.3605],
    [100, 0.1984],
    [1000, 0.06206],
  ])("over %s runs", (n, reach) => {
    const [low, high] = interval({ n, mean: 10, sd: 1 }) as [number, number];
    expect(high - 10).toBeCloseTo(reach, 3);
    expect(10 - low).toBeCloseTo(high - 10, 12);
  });

  test("of one run there is none", () => {
    expect(interval({ n: 1, mean: 3 })).toBeUndefined();
  });
});
