import { Random } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import {
  generalisationError,
  type Learning,
  type OrderParameters,
  solve,
  speedOf,
} from "./equations";

/** A student of three hidden units and a teacher of two, their inputs mixed from independent ones. */
const mixing = [
  [0.7, 0.2, -0.1, 0.3, 0],
  [-0.2, 0.5, 0.4, 0, 0.1],
  [0.3, -0.6, 0.2, 0.1, 0.4],
  [0.9, 0.1, 0, -0.3, 0.2],
  [0, 0.4, -0.8, 0.3, 0.3],
];
const state: OrderParameters = {
  covariance: mixing.map((a) =>
    mixing.map((b) => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)),
  ),
  output: [0.8, -0.5, 0.3],
};
const learning: Learning = { teacherOutput: [1.2, -0.7], rate: 0.7, feedback: [0.4, 1.1, -0.6] };

/** erf by its power series, enough for what is drawn here. */
function erf(x: number): number {
  let [sum, term] = [x, x];
  for (let n = 1; n < 90; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 * sum) / Math.sqrt(Math.PI);
}
const g = (x: number) => (Math.abs(x) > 5 ? Math.sign(x) : erf(x / Math.SQRT2));
const slope = (x: number) => Math.sqrt(2 / Math.PI) * Math.exp((-x * x) / 2);

/** Mean and standard error of what a step does, over examples drawn. */
function sampled(count: number, measure: (x: number[], delta: number) => number[]) {
  const random = new Random(0, "equations");
  const totals = new Map<number, { sum: number; squares: number }>();
  for (let i = 0; i < count; i++) {
    const z = mixing.map(() => random.normal());
    const x = mixing.map((row) =>
      row.reduce((sum, weight, j) => sum + weight * (z[j] as number), 0),
    );
    const answers = x.map(g);
    const u = [...state.output, ...learning.teacherOutput.map((weight) => -weight)];
    const delta = u.reduce((sum, weight, j) => sum + weight * (answers[j] as number), 0);
    measure(x, delta).forEach((value, j) => {
      const { sum, squares } = totals.get(j) ?? { sum: 0, squares: 0 };
      totals.set(j, { sum: sum + value, squares: squares + value * value });
    });
  }
  return [...totals.values()].map(({ sum, squares }) => {
    const mean = sum / count;
    return { mean, error: Math.sqrt((squares / count - mean * mean) / count) };
  });
}

describe("the equations are what one example does on average", () => {
  const speed = speedOf(state, learning);
  const { rate, feedback = [] } = learning;
  const pull = (x: number[], delta: number, k: number) =>
    k < 3 ? -rate * (feedback[k] as number) * slope(x[k] as number) * delta : 0;

  test("to the order parameters", () => {
    const measured = sampled(100_000, (x, delta) =>
      x.flatMap((xi, i) =>
        x.map((xj, j) => {
          const [own, other] = [pull(x, delta, i), pull(x, delta, j)];
          return own * xj + other * xi + own * other;
        }),
      ),
    );
    speed.covariance.flat().forEach((value, i) => {
      const { mean, error } = measured[i] as (typeof measured)[number];
      expect(Math.abs(value - mean)).toBeLessThanOrEqual(4 * error);
    });
  });

  test("to the output weights, and the error", () => {
    const measured = sampled(100_000, (x, delta) => [
      ...x.slice(0, 3).map((xk) => -rate * g(xk) * delta),
      delta ** 2 / 2,
    ]);
    [...speed.output, generalisationError(state, learning)].forEach((value, i) => {
      const { mean, error } = measured[i] as (typeof measured)[number];
      expect(Math.abs(value - mean)).toBeLessThan(4 * error);
    });
  });
});

test("a student that is the teacher stays so", () => {
  const { covariance } = state;
  const same = [0, 1].flatMap(() => [3, 4]);
  const teacher = {
    covariance: same.map((i) => same.map((j) => covariance[i]?.[j] as number)),
    output: learning.teacherOutput,
  };
  const own = { ...learning, feedback: undefined };
  expect(generalisationError(teacher, own)).toBeCloseTo(0, 12);
  for (const value of [...speedOf(teacher, own).covariance.flat(), ...speedOf(teacher, own).output])
    expect(value).toBeCloseTo(0, 12);
});

test("shorter steps change nothing that is seen", () => {
  const [coarse] = solve(state, learning, [5]) as [OrderParameters];
  const [fine] = solve(state, learning, [5], 0.01) as [OrderParameters];
  expect(generalisationError(coarse, learning)).toBeCloseTo(generalisationError(fine, learning), 7);
});
