import { expect, test } from "@jest/globals";
import { after, smallGraph } from "../../../test/small-graph";
import { LONG_REDUCTION, splitSums } from "./split-sums";

/** Two matrices made here that one product, of images with so many channels, is added to. */
const taughtTwice = (channels: number) =>
  smallGraph(
    [
      "w = Tanh(x)",
      "b = Neg(x)",
      "image = Abs(x)",
      "w2 = Blocked(image, f, _, w)",
      "b2 = Blocked(image, f, _, b)",
      "y = Add(w2, b2)",
    ],
    { inputs: ["x", "f"], shapes: { image: [1, channels, 2, 2] } },
  );

test("a long product that is added to two matrices is multiplied out once", () => {
  expect(after(splitSums, taughtTwice(LONG_REDUCTION)).slice(3)).toEqual([
    "w2_product = Blocked(image, f)",
    "w2 = Add(w, w2_product)",
    "b2 = Add(b, w2_product)",
    "y = Add(w2, b2)",
  ]);
});

test("a shorter one is added while it is multiplied out, twice", () => {
  const graph = taughtTwice(LONG_REDUCTION - 1);
  expect(splitSums.apply(graph)).toEqual(graph.nodes);
});

test("what comes from outside, or goes there, is not added to in place", () => {
  const from = smallGraph(["s = Blocked(x, f, _, w)", "y = Tanh(s)"], { inputs: ["x", "f", "w"] });
  expect(after(splitSums, from)).toEqual([
    "s_product = Blocked(x, f)",
    "s = Add(w, s_product)",
    "y = Tanh(s)",
  ]);
  const to = smallGraph(["w = Neg(x)", "y = Blocked(x, f, _, w)"], { inputs: ["x", "f"] });
  expect(after(splitSums, to)).toEqual([
    "w = Neg(x)",
    "y_product = Blocked(x, f)",
    "y = Add(w, y_product)",
  ]);
});

test("a bias is no matrix: it stays with its product", () => {
  const graph = smallGraph(["y = Blocked(x, f, b)"], { inputs: ["x", "f", "b"] });
  expect(splitSums.apply(graph)).toEqual(graph.nodes);
});
