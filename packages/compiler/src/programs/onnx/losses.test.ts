import { expect, test } from "@jest/globals";
import { onnxOps } from "../../graph/onnx-ops";
import { Scope } from "../../graph/scope";
import type { Value } from "../../graph/value";
import { lossesOf } from "./losses";

/** The operators that the losses of some steps come to, each a mean of squares of [batch, 4] numbers. */
function operatorsOf(batch: number, steps: number, factorOf = (_step: number) => 0.5) {
  const scope = new Scope();
  const ops = onnxOps(scope);
  const losses = Array.from({ length: steps }, (_, step): Value => {
    const y = scope.input(`y_${step}`, [batch, 4]);
    return ops.mul(ops.mul(ops.sum(ops.mul(y, y)), factorOf(step)), 0.25);
  });
  const result = lossesOf(scope, losses);
  expect(result.shape).toEqual([steps]);
  return scope.toProto("losses", [result]).node.map(({ opType }) => opType);
}

test("sums of all steps are one", () => {
  expect(operatorsOf(8, 3)).toEqual([
    ...["Mul", "Mul", "Mul"],
    ...["Concat", "Reshape", "ReduceSum", "Mul"],
  ]);
});

test.each<[string, string[]]>([
  ["that would begin where no register does", operatorsOf(3, 2)],
  ["of many numbers", operatorsOf(2048, 2)],
  ["times other numbers", operatorsOf(8, 2, (step) => step + 1)],
])("sums %s are taken one by one", (_what, operators) => {
  expect(operators.filter((operator) => operator === "ReduceSum")).toHaveLength(2);
});
