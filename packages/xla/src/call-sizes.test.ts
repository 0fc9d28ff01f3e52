import { expect, test } from "@jest/globals";
import { CallSizes, mostSteps } from "./call-sizes";

/** The sizes of so many calls that take `fixed` milliseconds and `perStep` for each step. */
function sizes(count: number, { fixed = 0, perStep = 1, isSlow = false }): number[] {
  const calls = new CallSizes(isSlow);
  return Array.from({ length: count }, () => {
    const steps = calls.next(4096);
    calls.took(steps, fixed + perStep * steps);
    return steps;
  });
}

test("calls come to take about a quarter of a second", () => {
  expect(sizes(2, { perStep: 1 })).toEqual([8, 250]);
  expect(sizes(2, { perStep: 1000, isSlow: true })).toEqual([1, 1]);
  for (const steps of sizes(20, { perStep: 1 }).slice(1)) {
    expect(steps).toBeGreaterThanOrEqual(250);
    expect(steps).toBeLessThan(750);
  }
});

test("what each call costs beside its steps does not keep them short", () => {
  // 8 steps in 266 ms look as if each took 33.
  expect(sizes(30, { fixed: 250, perStep: 2 }).at(-1)).toBeGreaterThan(50);
});

test("there are no more steps than are left, nor than a program holds", () => {
  expect(new CallSizes(false).next(3)).toBe(3);
  expect([mostSteps(32), mostSteps(2 ** 10), mostSteps(2 ** 21)]).toEqual([4096, 1024, 1]);
});
