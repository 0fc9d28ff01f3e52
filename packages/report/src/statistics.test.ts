import { describe, expect, test } from "@jest/globals";
import { fewDigits, percent } from "./show";
import { meanAndSd, statistics } from "./statistics";

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
