import { describe, expect, test } from "@jest/globals";
import { opCases, referenceInterpreter } from "../../testing/index";
import { windowOf } from "../../testing/window-op-cases";
import { float64Tensor, referenceOps, shapeOps } from "../index";

test.each(opCases.map((opCase) => [opCase.name, opCase] as const))(
  "shapes: %s",
  async (_name, { definition, inputs }) => {
    const expected = await referenceInterpreter.run(definition, inputs);
    const shapes = definition(
      shapeOps,
      inputs.map(({ shape }) => shape),
    );
    expect(shapes.map((shape) => [...shape])).toEqual(expected.map(({ shape }) => [...shape]));
    for (const { data } of expected) expect(data.every(Number.isFinite)).toBe(true);
  },
);

describe("the reference computes", () => {
  const m = (values: number[], rows: number) => float64Tensor(values, [rows, values.length / rows]);
  test("products, in all four transpositions", () => {
    const [a, b] = [m([1, 2, 3, 4, 5, 6], 2), m([7, 8, 9, 10, 11, 12], 3)];
    const expected = [58, 64, 139, 154];
    const at = m([1, 4, 2, 5, 3, 6], 3);
    const bt = m([7, 9, 11, 8, 10, 12], 2);
    expect([...referenceOps.matMul(a, b).data]).toEqual(expected);
    expect([...referenceOps.matMul(at, b, { transposeA: true }).data]).toEqual(expected);
    expect([...referenceOps.matMul(a, bt, { transposeB: true }).data]).toEqual(expected);
    expect([...referenceOps.matMul(at, bt, { transposeA: true, transposeB: true }).data]).toEqual(
      expected,
    );
  });
  test("reductions and broadcasts", () => {
    const a = m([1, 2, 3, 4, 5, 6], 2);
    expect([...referenceOps.sum(a, [0]).data]).toEqual([5, 7, 9]);
    expect([...referenceOps.sum(a, [1]).data]).toEqual([6, 15]);
    expect([...referenceOps.max(a, 0).data]).toEqual([4, 5, 6]);
    expect([...referenceOps.sub(a, referenceOps.max(a, 1, true)).data]).toEqual([
      -2, -1, 0, -2, -1, 0,
    ]);
    expect([...referenceOps.oneHot(float64Tensor([2, 0], [2]), 3).data]).toEqual([
      0, 0, 1, 1, 0, 0,
    ]);
  });
});

describe("shape errors", () => {
  const window = windowOf([2, 2]);
  test.each<[string, () => unknown, string]>([
    [
      "matMul",
      () => shapeOps.matMul([2, 3], [4, 5]),
      "matMul: expected matrices with equal inner extents, received [2, 3] · [4, 5]",
    ],
    [
      "matMul transposed",
      () => shapeOps.matMul([2, 3], [4, 5], { transposeB: true }),
      "[2, 3] · [4, 5]ᵀ",
    ],
    ["matMul rank", () => shapeOps.matMul([3], [3, 5]), "received [3] · [3, 5]"],
    ["broadcast", () => shapeOps.add([2, 3], [2]), "add: shapes [2, 3] and [2] do not broadcast"],
    [
      "axpby",
      () => shapeOps.axpby(1, [2, 3], 1, [3]),
      "axpby: expected two tensors of one shape, received [2, 3] and [3]",
    ],
    ["axis", () => shapeOps.sum([2, 3], [2]), "sum: [2, 3] has no axis 2"],
    ["reshape", () => shapeOps.reshape([2, 3], [4]), "reshape: [2, 3] has 6 elements, [4] has 4"],
    [
      "oneHot",
      () => shapeOps.oneHot([2, 1], 3),
      "oneHot: expected labels of shape [batch], received [2, 1]",
    ],
    [
      "broadcastTo",
      () => shapeOps.broadcastTo([2, 3], [2, 4]),
      "broadcastTo: shapes [2, 3] and [2, 4] do not broadcast",
    ],
    [
      "broadcastTo a smaller shape",
      () => shapeOps.broadcastTo([2, 3], [1, 3]),
      "broadcastTo: expected extents of 1 where [1, 3] has others, received [2, 3]",
    ],
    [
      "pad",
      () => shapeOps.pad([2, 3], [[0, 1]]),
      "pad: expected an entry for each axis of [2, 3], received 1",
    ],
    [
      "pad by less than nothing",
      () => shapeOps.pad([2], [[-1, 1]]),
      "pad: expected whole numbers from 0, received [[-1,1]]",
    ],
    [
      "slice",
      () => shapeOps.slice([2, 3], [0, 2], [2, 2]),
      "slice: expected a block inside [2, 3], received [2, 2] from [0, 2]",
    ],
    [
      "conv2d's kernel",
      () => shapeOps.conv2d([1, 4, 4, 2], [2, 2, 3, 5], window),
      "conv2d: expected a kernel [2, 2, 2, filters] for images [1, 4, 4, 2], received [2, 2, 3, 5]",
    ],
    [
      "conv2d's window",
      () => shapeOps.conv2d([1, 1, 4, 2], [2, 2, 2, 5], window),
      "conv2d: expected images [batch, height, width, channels] at least as large as the window, 2×2, received [1, 1, 4, 2]",
    ],
    [
      "conv2dInputGradient",
      () => shapeOps.conv2dInputGradient([1, 4, 3, 5], [2, 2, 2, 5], [1, 4, 4, 2], window),
      "conv2dInputGradient: expected a tensor of shape [1, 3, 3, 5], received [1, 4, 3, 5]",
    ],
    [
      "maxPoolGradient",
      () => shapeOps.maxPoolGradient([1, 4, 4, 2], [1, 3, 3, 2], [1, 3, 3, 1], window),
      "maxPoolGradient: expected a tensor of shape [1, 3, 3, 2], received [1, 3, 3, 1]",
    ],
  ])("%s", (_name, act, text) => expect(act).toThrow(text));
});
