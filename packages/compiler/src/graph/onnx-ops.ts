import { type Operand, type Shape, sameShape, shapeOps, type TensorOps } from "@bioflax/core";
import type { Scope } from "./scope";
import { type ElementType, onnxType, type Value } from "./value";

/** A value converted to another element type. */
export function cast(scope: Scope, x: Value, type: ElementType): Value {
  return x.type === type
    ? x
    : scope.node("Cast", [x], { shape: x.shape, type }, { to: { int: onnxType[type] } });
}

/** The slices of `data` along its first axis that the indices name: [n, ...] by [m] → [m, ...]. */
export function gather(scope: Scope, data: Value, indices: Value): Value {
  const shape = [...indices.shape, ...data.shape.slice(1)];
  return scope.node("Gather", [data, indices], { shape, type: data.type }, { axis: { int: 0 } });
}

/** Whether a matrix of shape `c` can be added to a product of that shape without the product being broadcast. */
function fitsUnder(c: Shape, product: Shape): boolean {
  return c.length <= product.length && sameShape(shapeOps.add(c, product), product);
}

/**
 * The symbolic interpreter: each operation becomes a node of an ONNX graph.
 *
 * A sum with a matrix product becomes one `Gemm` that accumulates in place of the addition: a layer's bias, and an
 * optimizer's update W ← (1 − λ)·W − η·hᵀe, cost no pass of their own.
 */
export function onnxOps(scope: Scope): TensorOps<Value> {
  const lift = (x: Operand<Value>): Value => (typeof x === "number" ? scope.constant([x], []) : x);
  const float = (shape: Shape) => ({ shape, type: "float32" as const });
  const unary = (op: string) => (x: Value) => scope.node(op, [x], float(x.shape));
  const binary =
    (op: string, rule: "add" | "greater", type: ElementType) =>
    (a: Operand<Value>, b: Operand<Value>) => {
      const [x, y] = [lift(a), lift(b)];
      return scope.node(op, [x, y], { shape: shapeOps[rule](x.shape, y.shape), type });
    };
  const arithmetic = (op: string) => binary(op, "add", "float32");
  const axesInput = (axes: readonly number[]) => scope.constant(axes, [axes.length], "int64");

  /** α·(a·b) + β·c in one node. */
  const gemm = (product: Value, alpha: number, c: Value, beta: number): Value => {
    const { a, b, transposeA, transposeB } = product.product as NonNullable<Value["product"]>;
    return scope.node("Gemm", [a, b, c], float(product.shape), {
      transA: { int: Number(transposeA) },
      transB: { int: Number(transposeB) },
      alpha: { float: alpha },
      beta: { float: beta },
    });
  };

  const ops: TensorOps<Value> = {
    shape: (x) => x.shape,
    neg: unary("Neg"),
    abs: unary("Abs"),
    sign: unary("Sign"),
    exp: unary("Exp"),
    log: unary("Log"),
    sqrt: unary("Sqrt"),
    tanh: unary("Tanh"),
    sigmoid: unary("Sigmoid"),
    add(a, b) {
      const [x, y] = [lift(a), lift(b)];
      if (x.product !== undefined && fitsUnder(y.shape, x.shape)) return gemm(x, 1, y, 1);
      if (y.product !== undefined && fitsUnder(x.shape, y.shape)) return gemm(y, 1, x, 1);
      return arithmetic("Add")(x, y);
    },
    sub: arithmetic("Sub"),
    mul: arithmetic("Mul"),
    div: arithmetic("Div"),
    maximum: (a, b) =>
      b === 0 && typeof a !== "number" ? unary("Relu")(a) : arithmetic("Max")(a, b),
    minimum: arithmetic("Min"),
    axpby(alpha, x, beta, y) {
      shapeOps.axpby(alpha, x.shape, beta, y.shape);
      if (y.product !== undefined) return gemm(y, beta, x, alpha);
      if (x.product !== undefined) return gemm(x, alpha, y, beta);
      const scaled = (factor: number, z: Value) => (factor === 1 ? z : ops.mul(z, factor));
      return arithmetic("Add")(scaled(alpha, x), scaled(beta, y));
    },
    greater: binary("Greater", "greater", "bool"),
    equal(a, b) {
      const [x, y] =
        a.type === b.type ? [a, b] : [cast(scope, a, "int32"), cast(scope, b, "int32")];
      return binary("Equal", "greater", "bool")(x, y);
    },
    where(condition, a, b) {
      const [x, y] = [lift(a), lift(b)];
      return scope.node(
        "Where",
        [condition, x, y],
        float(shapeOps.where(condition.shape, x.shape, y.shape)),
      );
    },
    sum(x, axes = [...x.shape.keys()], keepDims = false) {
      const shape = shapeOps.sum(x.shape, axes, keepDims);
      return axes.length === 0
        ? x
        : scope.node("ReduceSum", [x, axesInput(axes)], float(shape), {
            keepdims: { int: Number(keepDims) },
          });
    },
    max(x, axis, keepDims = false) {
      const shape = shapeOps.max(x.shape, axis, keepDims);
      return scope.node("ReduceMax", [x, axesInput([axis])], float(shape), {
        keepdims: { int: Number(keepDims) },
      });
    },
    argMax(x) {
      const attributes = { axis: { int: -1 }, keepdims: { int: 0 } };
      return scope.node(
        "ArgMax",
        [x],
        { shape: shapeOps.argMax(x.shape), type: "int64" },
        attributes,
      );
    },
    reshape(x, shape) {
      shapeOps.reshape(x.shape, shape);
      if (sameShape(x.shape, shape)) return x;
      return scope.node("Reshape", [x, scope.constant(shape, [shape.length], "int64")], {
        shape,
        type: x.type,
      });
    },
    oneHot(labels, depth) {
      const inputs = [
        labels,
        scope.constant([depth], [], labels.type as "int32"),
        scope.constant([0, 1], [2]),
      ];
      return scope.node("OneHot", inputs, float(shapeOps.oneHot(labels.shape, depth)), {
        axis: { int: -1 },
      });
    },
    matMul(a, b, { transposeA = false, transposeB = false } = {}) {
      const shape = shapeOps.matMul(a.shape, b.shape, { transposeA, transposeB });
      const attributes = {
        transA: { int: Number(transposeA) },
        transB: { int: Number(transposeB) },
      };
      return scope.node(
        "Gemm",
        [a, b],
        { ...float(shape), product: { a, b, transposeA, transposeB } },
        attributes,
      );
    },
  };
  return ops;
}
