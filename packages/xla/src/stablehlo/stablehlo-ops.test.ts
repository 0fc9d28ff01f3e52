import { expect, test } from "@jest/globals";
import type { ProgramTarget } from "./block";
import { createProgram } from "./program";
import { stablehloOps } from "./stablehlo-ops";

/** The text of aᵀ·b, a [summed, rows] and b [summed, columns]. */
const productText = (target: ProgramTarget, summed: number, rows: number, columns: number) =>
  createProgram(
    "product",
    (block, declare) => {
      const [a, b] = [declare("a", [summed, rows]), declare("b", [summed, columns])];
      return [stablehloOps(block).matMul(a, b, { transposeA: true })];
    },
    target,
  ).text;

test("on a processor the left factor of a small product is turned first", () => {
  const text = productText({ isProcessor: true }, 32, 16, 100);
  expect(text).toMatch(/transpose .*optimization_barrier .*contracting_dims = \[1\] x \[0\]/s);
});

test.each([
  ["for another device", {}, 32, 16, 100],
  ["of vectors", { isProcessor: true }, 32, 1, 100],
  ["of a batch of one", { isProcessor: true }, 1, 16, 100],
  ["that is large", { isProcessor: true }, 128, 784, 500],
] as const)("a product %s is XLA's to turn", (_, target, summed, rows, columns) => {
  const text = productText(target, summed, rows, columns);
  expect(text).not.toContain("transpose");
  expect(text).toContain("contracting_dims = [0] x [0]");
});
