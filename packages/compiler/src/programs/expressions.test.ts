import { expect, test } from "@jest/globals";
import { type Expression, expressions, factorOf } from "./expressions";

test("the same computation twice is one expression, another is another", () => {
  const { ops, input } = expressions();
  const [a, b] = [input([2, 3]), input([2, 3])];
  expect(ops.tanh(ops.add(a, b))).toBe(ops.tanh(ops.add(a, b)));
  expect(ops.add(a, b)).not.toBe(ops.add(b, a));
  expect(ops.mul(a, 2)).not.toBe(ops.mul(a, 3));
  expect(ops.matMul(a, b, { transposeB: true })).not.toBe(ops.matMul(a, b, { transposeA: true }));
});

const { ops, input } = expressions();
const [w, other, rate] = [input([2, 3]), input([2, 3]), input([])];
const away = ops.exp(other);
test.each<[string, Expression, number | undefined]>([
  ["itself", w, 1],
  ["what has nothing to do with it", away, 0],
  ["sums and differences", ops.sub(ops.add(ops.neg(w), away), w), -2],
  ["a weighted sum", ops.axpby(0.9, w, -0.1, away), 0.9],
  ["both sides of one", ops.axpby(0.9, w, 2, ops.add(w, away)), 2.9],
  ["numbers", ops.div(ops.mul(3, ops.mul(w, 2)), 4), 1.5],
  ["scalars that are computed", ops.mul(w, ops.sub(1, ops.mul(rate, 0.5))), 0.875],
  ["a function of it", ops.tanh(w), undefined],
  ["its square", ops.mul(w, w), undefined],
  ["a tensor times it", ops.mul(w, other), undefined],
  ["it as a divisor", ops.div(1, w), undefined],
  ["a sum over it", ops.sum(w, [0], true), undefined],
])("an input's factor in: %s", (_name, x, factor) => {
  expect(factorOf(x, w, new Map([[rate, 0.25]]))).toBe(factor);
});
