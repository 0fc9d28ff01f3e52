import { describe, expect, test } from "@jest/globals";
import { timedCalls, timedUnrolledCalls, unrolledCalls } from "./call-sizes";

describe("how many steps a call takes", () => {
  test("written out: powers of two, within what ONNX Runtime loads quickly; a step's nodes are counted once", () => {
    const sizes = unrolledCalls();
    let counted = 0;
    const nodes = (many: number) => () => {
      counted++;
      return many;
    };
    expect(sizes.next(1000, nodes(40))).toBe(32);
    expect(sizes.next(31, nodes(40))).toBe(16);
    expect(sizes.next(1, nodes(40))).toBe(1);
    expect(counted).toBe(1);
    expect(unrolledCalls().next(100, nodes(5000))).toBe(1);
  });

  test("written out by the clock: powers of two up to an iteration of a loop, and no more than fit", () => {
    const sizes = timedUnrolledCalls();
    expect(sizes.next(1000, () => 1)).toBe(8);
    expect(sizes.next(7, () => 1)).toBe(4);
    sizes.took(8, 500);
    expect(sizes.next(1000, () => 1)).toBe(4);
    sizes.took(4, 5000);
    expect(sizes.next(1000, () => 1)).toBe(1);
    sizes.took(1, 1);
    expect(sizes.next(1000, () => 1)).toBe(8);
    expect(sizes.perIteration(8)).toBeUndefined();
    expect(timedUnrolledCalls({ isSlow: true }).next(8, () => 1)).toBe(1);
    expect(timedUnrolledCalls({ layers: 40 }).next(8, () => 1)).toBe(2);
  });

  test("in a loop: one iteration, then as many as fit a quarter of a second", () => {
    const sizes = timedCalls();
    expect(sizes.next(1000, () => 1)).toBe(8);
    sizes.took(8, 4);
    expect(sizes.next(1000, () => 1)).toBe(504);
    expect(sizes.next(300, () => 1)).toBe(296);
    expect(sizes.next(7, () => 1)).toBe(7);
  });

  // Reported: SIGTERM was heard 37 s late where a layer has 15000 x 15000 weights.
  test("in a loop of slow steps: one to see how long it takes, and no more than fit", () => {
    const sizes = timedCalls({ isSlow: true });
    expect(sizes.next(5, () => 1)).toBe(1);
    sizes.took(1, 2000);
    expect(sizes.next(4, () => 1)).toBe(1);
    expect(sizes.next(1000, () => 1)).toBe(1);
    sizes.took(1, 126);
    expect(sizes.next(1000, () => 1)).toBe(1);
    sizes.took(1, 20);
    expect(sizes.next(1000, () => 1)).toBe(16);
    expect(timedCalls({ isSlow: true }).next(1000, () => 1)).toBe(1);
  });

  test("in a loop: steps that turn out to be slow are taken one by one", () => {
    const sizes = timedCalls();
    expect(sizes.next(1000, () => 1)).toBe(8);
    sizes.took(8, 16_000);
    expect(sizes.next(1000, () => 1)).toBe(1);
    expect(sizes.next(3, () => 1)).toBe(1);
  });

  test("in a loop: eight steps an iteration where there are as many", () => {
    const sizes = timedCalls();
    expect(sizes.perIteration(504)).toBe(8);
    expect(sizes.perIteration(7)).toBe(1);
    expect(unrolledCalls().perIteration(16)).toBeUndefined();
  });

  test("in a loop: fewer steps an iteration of a network of many layers, which would take long to load", () => {
    const perIteration = (layers: number) => timedCalls({ layers }).perIteration(504);
    expect([16, 17, 40, 64, 65, 1000].map(perIteration)).toEqual([8, 4, 2, 2, 1, 1]);
    expect(timedCalls({ layers: 40 }).next(1000, () => 1)).toBe(8);
    expect(timedCalls({ layers: 40 }).next(3, () => 1)).toBe(2);
  });
});
