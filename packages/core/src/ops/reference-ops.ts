import { referenceWindows } from "./reference-windows";
import { shapeOps } from "./shape-ops";
import { sizeOf } from "./shapes";
import type { MatMulOptions, Operand, Shape, TensorOps } from "./tensor-ops";

/** A dense row-major float64 array; booleans are 0 and 1, labels whole numbers. */
export interface Float64Tensor {
  readonly shape: Shape;
  readonly data: Float64Array;
}

const scalar = (value: number): Float64Tensor => ({ shape: [], data: Float64Array.of(value) });
const asTensor = (x: Operand<Float64Tensor>): Float64Tensor =>
  typeof x === "number" ? scalar(x) : x;

function build(shape: Shape, element: (index: number) => number): Float64Tensor {
  const data = new Float64Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = element(i);
  return { shape, data };
}

/** The error function by the series 2/√π e^(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (1·3···(2n + 1)), whose terms are all of one sign. */
function erf(x: number): number {
  // From here on it is ±1 to the last digit.
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * Number.EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const unary = (f: (x: number) => number) => (x: Float64Tensor) =>
  build(x.shape, (i) => f(x.data[i] as number));

/** Reads `x` as if broadcast to `shape`: maps an index of the result to the element that stands there. */
function broadcastReader(x: Float64Tensor, shape: Shape): (index: number) => number {
  if (x.data.length === 1) return () => x.data[0] as number;
  const offset = shape.length - x.shape.length;
  return (index) => {
    let source = 0;
    let stride = 1;
    for (let axis = shape.length - 1, rest = index; axis >= offset; axis--) {
      const position = rest % (shape[axis] as number);
      rest = Math.floor(rest / (shape[axis] as number));
      const extent = x.shape[axis - offset] as number;
      source += (extent === 1 ? 0 : position) * stride;
      stride *= extent;
    }
    return x.data[source] as number;
  };
}

function binary(
  op: "add" | "sub" | "mul" | "div" | "maximum" | "minimum" | "greater" | "equal",
  f: (a: number, b: number) => number,
) {
  return (a: Operand<Float64Tensor>, b: Operand<Float64Tensor>) => {
    const [x, y] = [asTensor(a), asTensor(b)];
    const shape = shapeOps[op](x.shape, y.shape);
    const [readX, readY] = [broadcastReader(x, shape), broadcastReader(y, shape)];
    return build(shape, (i) => f(readX(i), readY(i)));
  };
}

/** Folds every element into the place it is reduced to. */
function reduce(
  x: Float64Tensor,
  shape: Shape,
  axes: readonly number[],
  start: number,
  fold: (sum: number, x: number) => number,
) {
  const result = new Float64Array(sizeOf(shape)).fill(start);
  x.data.forEach((value, index) => {
    let target = 0;
    let stride = 1;
    for (let axis = x.shape.length - 1, rest = index; axis >= 0; axis--) {
      const extent = x.shape[axis] as number;
      if (!axes.includes(axis)) {
        target += (rest % extent) * stride;
        stride *= extent;
      }
      rest = Math.floor(rest / extent);
    }
    result[target] = fold(result[target] as number, value);
  });
  return { shape, data: result };
}

/**
 * Copies between a tensor and the block of it that begins at `begin`.
 *
 * @param out whether from the tensor to the block; else from the block into the tensor.
 * @returns the one that was copied to.
 */
function place(
  whole: Float64Tensor,
  block: Float64Tensor,
  begin: readonly number[],
  out: boolean,
): Float64Tensor {
  for (let index = 0; index < block.data.length; index++) {
    let at = 0;
    let stride = 1;
    for (let axis = whole.shape.length - 1, rest = index; axis >= 0; axis--) {
      const extent = block.shape[axis] as number;
      at += ((rest % extent) + (begin[axis] as number)) * stride;
      rest = Math.floor(rest / extent);
      stride *= whole.shape[axis] as number;
    }
    if (out) block.data[index] = whole.data[at] as number;
    else whole.data[at] = block.data[index] as number;
  }
  return out ? block : whole;
}

function referenceProduct(
  a: Float64Tensor,
  b: Float64Tensor,
  options: MatMulOptions = {},
): Float64Tensor {
  const shape = shapeOps.matMul(a.shape, b.shape, options);
  const n = shape[1] as number;
  const k = a.shape[options.transposeA ? 0 : 1] as number;
  const strides = (x: Float64Tensor, transposed = false) =>
    transposed ? [1, x.shape[1] as number] : [x.shape[1] as number, 1];
  const [aRow, aColumn] = strides(a, options.transposeA) as [number, number];
  const [bRow, bColumn] = strides(b, options.transposeB) as [number, number];
  return build(shape, (index) => {
    const [row, column] = [Math.floor(index / n), index % n];
    let total = 0;
    for (let i = 0; i < k; i++) {
      total +=
        (a.data[row * aRow + i * aColumn] as number) *
        (b.data[i * bRow + column * bColumn] as number);
    }
    return total;
  });
}

/** A matrix of a stack; of a single matrix, itself. */
function matrixOf({ shape, data }: Float64Tensor, index: number): Float64Tensor {
  if (shape.length === 2) return { shape, data };
  const size = sizeOf(shape.slice(1));
  return { shape: shape.slice(1), data: data.subarray(index * size, (index + 1) * size) };
}

/**
 * The float64 interpreter: slow, plain and exact enough to judge the others by.
 *
 * Also the way to run a definition without any framework, on networks of any small size.
 */
export const referenceOps: TensorOps<Float64Tensor> = {
  shape: (x) => x.shape,
  neg: unary((x) => -x),
  abs: unary(Math.abs),
  sign: unary(Math.sign),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  tanh: unary(Math.tanh),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  erf: unary(erf),
  add: binary("add", (a, b) => a + b),
  sub: binary("sub", (a, b) => a - b),
  mul: binary("mul", (a, b) => a * b),
  div: binary("div", (a, b) => a / b),
  maximum: binary("maximum", Math.max),
  minimum: binary("minimum", Math.min),
  greater: binary("greater", (a, b) => (a > b ? 1 : 0)),
  equal: binary("equal", (a, b) => (a === b ? 1 : 0)),
  axpby(alpha, x, beta, y) {
    return build(
      shapeOps.axpby(alpha, x.shape, beta, y.shape),
      (i) => alpha * (x.data[i] as number) + beta * (y.data[i] as number),
    );
  },
  where(condition, a, b) {
    const [x, y] = [asTensor(a), asTensor(b)];
    const shape = shapeOps.where(condition.shape, x.shape, y.shape);
    const [readC, readX, readY] = [
      broadcastReader(condition, shape),
      broadcastReader(x, shape),
      broadcastReader(y, shape),
    ];
    return build(shape, (i) => (readC(i) ? readX(i) : readY(i)));
  },
  sum(x, axes, keepDims) {
    const shape = shapeOps.sum(x.shape, axes, keepDims);
    return reduce(x, shape, axes ?? [...x.shape.keys()], 0, (total, value) => total + value);
  },
  max(x, axis, keepDims) {
    return reduce(
      x,
      shapeOps.max(x.shape, axis, keepDims),
      [axis],
      Number.NEGATIVE_INFINITY,
      Math.max,
    );
  },
  argMax(x) {
    const n = x.shape.at(-1) as number;
    return build(shapeOps.argMax(x.shape), (row) => {
      const values = x.data.subarray(row * n, (row + 1) * n);
      return values.indexOf(
        values.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY),
      );
    });
  },
  reshape: (x, shape) => ({ shape: shapeOps.reshape(x.shape, shape), data: x.data }),
  broadcastTo(x, shape) {
    return build(shapeOps.broadcastTo(x.shape, shape), broadcastReader(x, shape));
  },
  pad(x, padding) {
    const shape = shapeOps.pad(x.shape, padding);
    const begin = padding.map(([before]) => before);
    return place({ shape, data: new Float64Array(sizeOf(shape)) }, x, begin, false);
  },
  slice(x, begin, size) {
    const shape = shapeOps.slice(x.shape, begin, size);
    return place(x, { shape, data: new Float64Array(sizeOf(shape)) }, begin, true);
  },
  ...referenceWindows,
  oneHot(labels, depth) {
    return build(shapeOps.oneHot(labels.shape, depth), (i) =>
      labels.data[Math.floor(i / depth)] === i % depth ? 1 : 0,
    );
  },
  matMul: referenceProduct,
  batchMatMul(a, b, options = {}) {
    const shape = shapeOps.batchMatMul(a.shape, b.shape, options);
    const pairs = Array.from({ length: shape[0] as number }, (_, i) =>
      referenceProduct(matrixOf(a, i), matrixOf(b, i), options),
    );
    return referenceOps.stack(pairs);
  },
  stack(tensors) {
    const shape = shapeOps.stack(tensors.map((x) => x.shape));
    const size = sizeOf(shape.slice(1));
    const data = new Float64Array(sizeOf(shape));
    tensors.forEach((x, i) => {
      data.set(x.data, i * size);
    });
    return { shape, data };
  },
};

/** A float64 tensor from numbers in row-major order. */
export function float64Tensor(values: ArrayLike<number>, shape: Shape): Float64Tensor {
  return referenceOps.reshape({ shape: [values.length], data: Float64Array.from(values) }, shape);
}
