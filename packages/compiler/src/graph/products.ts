import { type MatMulOptions, type Shape, sameShape, shapeOps, sizeOf } from "@bioflax/core";
import { together } from "./layout";
import type { Scope } from "./scope";
import type { Product, Value } from "./value";

/** What is added to a product: a·b + β·c. */
interface Addition {
  readonly c: Value;
  readonly beta: number;
}

/** One `Gemm`: a product that lies as is asked for, (a·b) or (a·b)ᵀ = bᵀ·aᵀ, and what is added to it. */
function gemm(
  scope: Scope,
  { alpha, a, b, transposeA, transposeB }: Product,
  output: { shape: Shape; transposed: boolean; product?: Product },
  addition?: Addition,
): Value {
  const [left, right] = output.transposed ? [b, a] : [a, b];
  const [transA, transB] = output.transposed
    ? [!transposeB, !transposeA]
    : [transposeA, transposeB];
  return scope.node(
    "Gemm",
    addition === undefined ? [left, right] : [left, right, addition.c],
    { ...output, type: "float32" },
    {
      transA: { int: Number(transA) },
      transB: { int: Number(transB) },
      ...(alpha !== 1 && { alpha: { float: alpha } }),
      ...(addition && { beta: { float: addition.beta } }),
    },
  );
}

/**
 * A matrix product, laid out so that the larger factor stands on the left.
 *
 * ONNX Runtime repacks the right factor at every call, which for a batch of 32 costs a good part of the product itself.
 */
export function product(
  scope: Scope,
  a: Value,
  b: Value,
  { transposeA = false, transposeB = false }: MatMulOptions,
): Value {
  const shape = shapeOps.matMul(a.shape, b.shape, { transposeA, transposeB });
  // Where a factor is a matrix times a number, the number is taken into the product, which costs nothing there.
  const [left, right] = [a, b].map((x) => x.scaled?.matrix ?? x) as [Value, Value];
  const factors: Product = {
    alpha: (a.scaled?.factor ?? 1) * (b.scaled?.factor ?? 1),
    a: left,
    b: right,
    transposeA: transposeA !== (left.transposed ?? false),
    transposeB: transposeB !== (right.transposed ?? false),
  };
  return gemm(scope, factors, {
    shape,
    transposed: sizeOf(b.shape) > sizeOf(a.shape),
    product: factors,
  });
}

/** Whether c can be added to a product of this shape without the product being broadcast. */
export function fitsUnder(c: Shape, productShape: Shape): boolean {
  return c.length <= productShape.length && sameShape(shapeOps.add(c, productShape), productShape);
}

/** α·x + β·c as one node, where x is a bare product: it lies as c does if c is a matrix, else as it did. */
export function accumulate(scope: Scope, x: Value, alpha: number, c: Value, beta: number): Value {
  const { values, transposed } = together(scope, c.shape.length === 2 ? [c] : [x, c]);
  const addition = { c: values.at(-1) as Value, beta };
  const product = x.product as Product;
  return gemm(
    scope,
    { ...product, alpha: alpha * product.alpha },
    { shape: x.shape, transposed },
    addition,
  );
}
