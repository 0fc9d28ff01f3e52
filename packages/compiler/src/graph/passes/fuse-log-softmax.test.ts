import { describe, expect, test } from "@jest/globals";
import { after, smallGraph } from "../../../test/small-graph";
import { fuseLogSoftmax } from "./fuse-log-softmax";

const lines = [
  "m = ReduceMax(x, axes)",
  "s = Sub(x, m)",
  "e = Exp(s)",
  "t = ReduceSum(e, axes)",
  "l = Log(t)",
  "y = Sub(s, l)",
];
const shapes = { m: [2, 1], t: [2, 1], l: [2, 1] };

test("six operations become one", () => {
  expect(after(fuseLogSoftmax, smallGraph(lines, { shapes })).at(-1)).toBe(
    "y = LogSoftmax(x, axis=)",
  );
});

describe("left as they are", () => {
  test.each<[string, string, string]>([
    ["another maximum's", "m = ReduceMax(x, axes)", "m = ReduceMax(z, axes)"],
    ["another sum's", "e = Exp(s)", "e = Exp(x)"],
    ["without a logarithm", "l = Log(t)", "l = Sqrt(t)"],
    ["something else than the difference", "y = Sub(s, l)", "y = Sub(x, l)"],
  ])("%s", (_what, line, other) => {
    const graph = smallGraph(
      lines.map((own) => (own === line ? other : own)),
      { inputs: ["x", "z"], shapes },
    );
    expect(fuseLogSoftmax.apply(graph)).toEqual(graph.nodes);
  });

  test("over the first axis, and on devices without the operator", () => {
    const first = { m: [1, 2], t: [1, 2], l: [1, 2] };
    const columns = smallGraph(lines, { shapes: first });
    expect(fuseLogSoftmax.apply(columns)).toEqual(columns.nodes);
    const graph = { ...smallGraph(lines, { shapes }), has: () => false };
    expect(fuseLogSoftmax.apply(graph)).toEqual(graph.nodes);
  });
});
