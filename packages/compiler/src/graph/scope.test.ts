import { expect, test } from "@jest/globals";
import { onnxOps } from "./onnx-ops";
import { Scope } from "./scope";

/** A loop that carries x on by adding −b to it, b being a value of the graph around it. */
function subtractingLoop() {
  const scope = new Scope();
  const [steps, x, b] = [
    scope.input("steps", [], "int64"),
    scope.input("x", [2]),
    scope.input("b", [2]),
  ];
  const { final } = scope.loop(steps, [x], (inner, _iteration, [current]) => {
    const ops = onnxOps(inner);
    return { next: [ops.add(current!, ops.neg(b))], kept: [] };
  });
  const graph = scope.toProto("graph", final);
  const loop = graph.node.find(({ opType }) => opType === "Loop");
  const types = (nodes: typeof graph.node) => nodes.map(({ opType }) => opType);
  return { outside: types(graph.node), inside: types(loop!.attribute[0]!.g!.node) };
}

test("what a loop computes from outer values alone is computed once, before it", () => {
  const { outside, inside } = subtractingLoop();
  expect(outside).toEqual(["Neg", "Loop"]);
  expect(inside).toEqual(["Add", "Identity"]);
});
