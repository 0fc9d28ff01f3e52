import { describe, expect, test } from "@jest/globals";
import { timedCalls, unrolledCalls } from "./call-sizes";

describe("how many steps a call takes", () => {
  test("written out: powers of two, within what ONNX Runtime loads quickly; a step's nodes are counted once", () => {
    const sizes = unrolledCalls();
    let counted = 0;
    const nodes = (many: number) => () => {
      counted++;
      return many;
    };
    expect(sizes.next(1000, false, nodes(40))).toBe(32);
    expect(sizes.next(31, false, nodes(40))).toBe(16);
    expect(sizes.next(1, false, nodes(40))).toBe(1);
    expect(counted).toBe(1);
    expect(sizes.next(5, true, nodes(500))).toBe(4);
    expect(unrolledCalls().next(100, false, nodes(5000))).toBe(1);
  });

  test("in a loop: one iteration, then as many as fit a quarter of a second; all that are observed", () => {
    const sizes = timedCalls();
    expect(sizes.next(1000, false, () => 1)).toBe(8);
    sizes.took(8, 4);
    expect(sizes.next(1000, false, () => 1)).toBe(504);
    expect(sizes.next(300, false, () => 1)).toBe(296);
    expect(sizes.next(7, false, () => 1)).toBe(7);
    expect(sizes.next(9, true, () => 1)).toBe(9);
  });

  // Reported: SIGTERM was heard 37 s late where a layer has 15000 x 15000 weights.
  test("in a loop of slow steps: one to see how long it takes, and no more than fit", () => {
    const sizes = timedCalls({ isSlow: true });
    expect(sizes.next(5, true, () => 1)).toBe(1);
    sizes.took(1, 2000);
    expect(sizes.next(4, true, () => 1)).toBe(1);
    expect(sizes.next(1000, false, () => 1)).toBe(1);
    sizes.took(1, 126);
    expect(sizes.next(1000, false, () => 1)).toBe(1);
    sizes.took(1, 20);
    expect(sizes.next(1000, false, () => 1)).toBe(16);
    expect(timedCalls({ isSlow: true }).next(1000, false, () => 1)).toBe(1);
  });

  test("in a loop: steps that turn out to be slow are taken one by one", () => {
    const sizes = timedCalls();
    expect(sizes.next(1000, false, () => 1)).toBe(8);
    sizes.took(8, 16_000);
    expect(sizes.next(1000, false, () => 1)).toBe(1);
    expect(sizes.next(3, false, () => 1)).toBe(1);
  });

  test("in a loop: eight steps an iteration where there are as many, but one where they are observed", () => {
    const sizes = timedCalls();
    expect(sizes.perIteration(504, false)).toBe(8);
    expect(sizes.perIteration(7, false)).toBe(1);
    expect(sizes.perIteration(16, true)).toBe(1);
    expect(unrolledCalls().perIteration(16, false)).toBeUndefined();
  });

  test("in a loop: fewer steps an iteration of a network of many layers, which would take long to load", () => {
    const perIteration = (layers: number) => timedCalls({ layers }).perIteration(504, false);
    expect([16, 17, 40, 64, 65, 1000].map(perIteration)).toEqual([8, 4, 2, 2, 1, 1]);
    expect(timedCalls({ layers: 40 }).next(1000, false, () => 1)).toBe(8);
    expect(timedCalls({ layers: 40 }).next(3, false, () => 1)).toBe(2);
  });
});
