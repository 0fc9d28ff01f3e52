import { expect, test } from "@jest/globals";
import { after, smallGraph } from "../../../test/small-graph";
import { hoistReshapes } from "./hoist-reshapes";

test("a reshape stands right behind what it reshapes, of an input at the beginning; chains stay chains", () => {
  const graph = smallGraph([
    "a = Tanh(x)",
    "b = Neg(a)",
    "c = Reshape(a, shape)",
    "d = Reshape(c, other)",
    "e = Reshape(x, shape)",
    "y = Sum(b, d, e)",
  ]);
  expect(after(hoistReshapes, graph)).toEqual([
    "e = Reshape(x, shape)",
    "a = Tanh(x)",
    "c = Reshape(a, shape)",
    "d = Reshape(c, other)",
    "b = Neg(a)",
    "y = Sum(b, d, e)",
  ]);
});

test("one whose shape is computed waits for that", () => {
  const graph = smallGraph(["a = Tanh(x)", "s = Shape(a)", "y = Reshape(x, s)"]);
  expect(hoistReshapes.apply(graph)).toEqual(graph.nodes);
});
