import { describe, expect, test } from "@jest/globals";
import { type Distribution, draw, parseDistribution } from "./distribution";

const draws = (distribution: Distribution, key = "lr", seed = 0, count = 400) =>
  Array.from({ length: count }, (_, number) => draw(distribution, { seed, key, number }));

describe("draws", () => {
  test("lie within their bounds, and fill them", () => {
    const numbers = draws({ kind: "uniform", from: -1, to: 3 }) as number[];
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(3);
    expect(numbers.filter((value) => value < 1).length).toBeGreaterThan(150);
    expect(numbers.filter((value) => value < 1).length).toBeLessThan(250);
  });

  test("log-uniform ones are as many in each power of ten", () => {
    const numbers = draws({ kind: "logUniform", from: 1e-4, to: 1 }) as number[];
    const powers = numbers.map((value) => Math.floor(Math.log10(value)));
    for (const power of [-4, -3, -2, -1]) {
      const share = powers.filter((one) => one === power).length / numbers.length;
      expect(share).toBeGreaterThan(0.18);
      expect(share).toBeLessThan(0.32);
    }
  });

  test("of whole numbers have both ends", () => {
    const numbers = draws({ kind: "integers", from: 2, to: 4 }) as number[];
    expect([...new Set(numbers)].sort()).toEqual([2, 3, 4]);
  });

  test("of choices have each of them, lists too", () => {
    const seen = new Set(
      draws({ kind: "choices", choices: [[5], [6, 6], "none"] }).map((one) => JSON.stringify(one)),
    );
    expect(seen.size).toBe(3);
  });

  test("depend on seed, setting and number alone", () => {
    const one: Distribution = { kind: "uniform", from: 0, to: 1 };
    expect(draws(one, "lr", 0, 3)).toEqual(draws(one, "lr", 0, 9).slice(0, 3));
    expect(draws(one, "lr", 1, 3)).not.toEqual(draws(one, "lr", 0, 3));
    expect(draws(one, "momentum", 0, 3)).not.toEqual(draws(one, "lr", 0, 3));
    // A sweep that is started again next year draws these.
    expect(draws(one, "lr", 0, 3)).toEqual([0.4148, 0.857, 0.8794]);
  });
});

test.each<[unknown, string]>([
  [{ unifrom: [0, 1] }, 'Did you mean "uniform"?'],
  [
    { uniform: [1, 0] },
    "expected uniform: [from, to], two numbers, the smaller first, received [1,0]",
  ],
  [{ uniform: [0, 1], integers: [0, 1] }, "expected a list of choices, or { uniform"],
  [{ logUniform: [0, 1] }, "two numbers above 0"],
  [{ integers: [0, 1.5] }, "two whole numbers"],
  [{ choices: [] }, "choices: at least one"],
  [[], "expected a list of choices"],
  [0.1, "received 0.1"],
])("%j is refused", (given, text) => {
  const parsed = parseDistribution(given) as { problem: string };
  expect(parsed.problem).toContain(text);
});
