import { expect, test } from "@jest/globals";
import { after, smallGraph } from "../../../test/small-graph";
import { fuseActivations } from "./fuse-activations";

test.each(["Relu", "Tanh", "Sigmoid"])("%s goes into the product that it alone reads", (name) => {
  const graph = smallGraph(["p = Blocked(x, f)", `a = ${name}(p)`, "y = Neg(a)"]);
  expect(after(fuseActivations, graph)).toEqual([
    `a = Blocked(x, f, activation=${name})`,
    "y = Neg(a)",
  ]);
});

test.each([
  ["a product that something else reads", ["p = Blocked(x, f)", "a = Relu(p)", "y = Add(a, p)"]],
  ["another function", ["p = Blocked(x, f)", "y = Exp(p)"]],
  ["a product that is added to a matrix", ["p = Blocked(x, f, _, w)", "y = Relu(p)"]],
  ["a product that is no convolution of blocks", ["p = Gemm(x, f)", "y = Relu(p)"]],
])("not into %s", (_what, lines) => {
  const graph = smallGraph(lines);
  expect(fuseActivations.apply(graph)).toEqual(graph.nodes);
});

test("not into a product that is an output itself", () => {
  const graph = smallGraph(["p = Blocked(x, f)", "y = Relu(p)"], { outputs: ["p", "y"] });
  expect(fuseActivations.apply(graph)).toEqual(graph.nodes);
});
