import { expect, test } from "@jest/globals";
import { smallGraph } from "../../../test/small-graph";
import { applyPasses, passes } from "./index";

test("passes are applied in order, each to what the one before has left", () => {
  const seen: [string, number][] = [];
  const graph = smallGraph(["dead = Neg(x)", "p = Blocked(x, f)", "a = Relu(p)", "y = Abs(a)"]);
  const result = applyPasses(graph, ({ nodes }, after) => seen.push([after, nodes.length]));
  expect(seen).toEqual([
    ["traced", 4],
    ["fuse-log-softmax", 4],
    ["drop-dead-nodes", 3],
    ["split-sums", 3],
    ["fuse-activations", 2],
    ["hoist-reshapes", 2],
  ]);
  expect(result.nodes.map(({ opType }) => opType)).toEqual(["Conv", "Abs"]);
});

test("each has a name of its own", () => {
  expect(new Set(passes.map(({ name }) => name)).size).toBe(passes.length);
});
