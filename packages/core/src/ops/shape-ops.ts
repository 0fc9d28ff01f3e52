import * as shapes from "./shapes";
import type { Operand, Shape, TensorOps } from "./tensor-ops";
import { conv2dShape, windowShape } from "./window";

const shapeOf = (x: Operand<Shape>): Shape => (typeof x === "number" ? [] : x);
const same = (x: Shape): Shape => x;
const broadcast = (op: string) => (a: Operand<Shape>, b: Operand<Shape>) =>
  shapes.broadcastShape(op, shapeOf(a), shapeOf(b));

/**
 * The interpreter that computes shapes and nothing else: a tensor *is* its shape.
 *
 * Running a definition over it checks every shape the definition meets, without data.
 */
export const shapeOps: TensorOps<Shape> = {
  shape: same,
  neg: same,
  abs: same,
  sign: same,
  exp: same,
  log: same,
  sqrt: same,
  tanh: same,
  sigmoid: same,
  erf: same,
  add: broadcast("add"),
  sub: broadcast("sub"),
  mul: broadcast("mul"),
  div: broadcast("div"),
  maximum: broadcast("maximum"),
  minimum: broadcast("minimum"),
  greater: broadcast("greater"),
  equal: broadcast("equal"),
  axpby: (_alpha, x, _beta, y) => shapes.axpbyShape(x, y),
  where: (condition, a, b) =>
    shapes.broadcastShape(
      "where",
      condition,
      shapes.broadcastShape("where", shapeOf(a), shapeOf(b)),
    ),
  sum: (x, axes, keepDims) => shapes.reduceShape("sum", x, axes, keepDims),
  max: (x, axis, keepDims) => shapes.reduceShape("max", x, [axis], keepDims),
  argMax: (x) => shapes.reduceShape("argMax", x, [x.length - 1]),
  reshape: (x, shape) => shapes.reshapeShape(x, shape),
  oneHot: (labels, depth) => shapes.oneHotShape(labels, depth),
  matMul: (a, b, options) => shapes.matMulShape(a, b, options),
  batchMatMul: (a, b, options) => shapes.batchMatMulShape(a, b, options),
  stack: shapes.stackShape,
  broadcastTo: shapes.broadcastToShape,
  pad: shapes.padShape,
  slice: shapes.sliceShape,
  conv2d: conv2dShape,
  conv2dInputGradient(error, kernel, input, window) {
    shapes.expectShape("conv2dInputGradient", error, conv2dShape(input, kernel, window));
    return input;
  },
  conv2dKernelGradient(x, error, window) {
    const channels = (x.at(-1) as number) / (window.groups ?? 1);
    const kernel = [...window.size, channels, error.at(-1) as number];
    shapes.expectShape("conv2dKernelGradient", error, conv2dShape(x, kernel, window));
    return kernel;
  },
  maxPool: (x, window) => windowShape("maxPool", x, window),
  maxPoolGradient(x, y, error, window) {
    const expected = windowShape("maxPoolGradient", x, window);
    shapes.expectShape("maxPoolGradient", y, expected);
    shapes.expectShape("maxPoolGradient", error, expected);
    return x;
  },
  averagePool: (x, window) => windowShape("averagePool", x, window),
  averagePoolGradient(error, input, window) {
    shapes.expectShape(
      "averagePoolGradient",
      error,
      windowShape("averagePoolGradient", input, window),
    );
    return input;
  },
};
