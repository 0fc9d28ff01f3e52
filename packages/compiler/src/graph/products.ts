import { type MatMulOptions, type Shape, sameShape, shapeOps, sizeOf } from "@bioflax/core";
import {
  accumulateInBlocks,
  canFuseAddInBlocks,
  extentsOf,
  paysInBlocks,
  placed,
  productInBlocks,
} from "./blocked-products";
import { layoutAfter, outOfBlocks, sumInBlocks } from "./blocks";
import { isTransposed, orient, relabel, straight, together } from "./layout";
import type { Scope } from "./scope";
import {
  type Order,
  type Product,
  storedShape,
  TRANSPOSED,
  type Value,
  withoutHints,
} from "./value";

/** What is added to a product: a·b + β·c. */
interface Addition {
  readonly c: Value;
  readonly beta: number;
}

/** Numbers beyond this are not taken over together: what they were taken out of would be too small for a float32. */
const MOST_TAKEN = 2 ** 90;

/**
 * Two factors without the numbers they are times, and the product of those numbers.
 *
 * Signs are taken from slopes of 2⁶⁰ times far smaller numbers: of two of them together, only the larger tensor's is.
 */
export function extractScale(a: Value, b: Value): { a: Value; b: Value; scale: number } {
  const [ofA, ofB] = [a.scaled?.factor ?? 1, b.scaled?.factor ?? 1];
  const [bareA, bareB] = [a.scaled?.matrix ?? a, b.scaled?.matrix ?? b];
  if (Math.abs(ofA * ofB) <= MOST_TAKEN) return { a: bareA, b: bareB, scale: ofA * ofB };
  return sizeOf(a.shape) < sizeOf(b.shape)
    ? { a, b: bareB, scale: ofB }
    : { a: bareA, b, scale: ofA };
}

/** A tensor times a number, and times what it has been multiplied by before, as a product of it can take over. */
export function scaledBy(scope: Scope, x: Value, factor: number): Value {
  if (factor === 1) return x;
  const total = factor * (x.scaled?.factor ?? 1);
  const isFar = Math.abs(total) > MOST_TAKEN;
  const [from, by] = isFar ? [x, factor] : [x.scaled?.matrix ?? x, total];
  const times = (value: Value) => {
    const plain = withoutHints(value);
    return scope.node("Mul", [plain, scope.constant([by], [])], {
      ...plain,
      ...layoutAfter("Mul", [plain], plain),
    });
  };
  // An update multiplies what was summed by the same number, so that the sum costs no pass of its own.
  const value =
    from.sumOf === undefined ? times(from) : (sumInBlocks(scope, times(from.sumOf), [0]) as Value);
  return { ...value, scaled: { matrix: x.scaled?.matrix ?? x, factor: total } };
}

/** One `Gemm`: a product that lies as is asked for, (a·b) or (a·b)ᵀ = bᵀ·aᵀ, and what is added to it. */
function gemm(
  scope: Scope,
  { alpha, a, b, transposeA, transposeB }: Product,
  output: { shape: Shape; order?: Order | undefined; product?: Product },
  addition?: Addition,
): Value {
  const isFlipped = isTransposed(output);
  const [left, right] = isFlipped ? [b, a] : [a, b];
  const [transA, transB] = isFlipped ? [!transposeB, !transposeA] : [transposeA, transposeB];
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

/** A product of matrices as they lie that stands, as it lies, for a tensor of more axes. */
export function foldedProduct(
  scope: Scope,
  factors: Product & { readonly folded: Shape },
  output: { shape: Shape; order?: Order | undefined },
  addition?: Addition,
): Value {
  const matrix = gemm(scope, factors, { shape: factors.folded }, addition);
  const value = relabel(scope, matrix, output.shape, output.order);
  return addition === undefined ? { ...value, product: factors } : value;
}

/**
 * The sum of a matrix over its rows, as a product of a row of ones with it, which an update takes what it changes in as
 * it does a gradient's: a node in place of a sum, a multiplication and an addition. Of a matrix that lies transposed it
 * is a column, as a bias is where what it is added to lies so.
 */
export function sumOverRows(scope: Scope, x: Value): Value {
  const { scaled: { matrix = x, factor = 1 } = {} } = x;
  const [rows, columns] = x.shape as [number, number];
  const isColumn = isTransposed(matrix);
  const ones = scope.constant(new Array<number>(rows).fill(1), isColumn ? [rows, 1] : [1, rows]);
  const factors = {
    ...{ alpha: factor, transposeA: false, transposeB: false },
    ...(isColumn
      ? { a: matrix, b: ones, folded: [columns, 1] }
      : { a: ones, b: matrix, folded: [1, columns] }),
  };
  return foldedProduct(scope, factors, { shape: [columns] });
}

/**
 * A matrix product, laid out so that the larger factor stands on the left.
 *
 * ONNX Runtime repacks the right factor at every call, which for a batch of 32 costs a good part of the product itself.
 *
 * @param mayFlip whether it may lie transposed for that.
 */
export function product(
  scope: Scope,
  a: Value,
  b: Value,
  { transposeA = false, transposeB = false }: MatMulOptions,
  mayFlip = true,
): Value {
  const shape = shapeOps.matMul(a.shape, b.shape, { transposeA, transposeB });
  // Where a factor is a matrix times a number, the number is taken into the product, which costs nothing there.
  const bare = extractScale(a, b);
  const asDefined: Product = {
    alpha: bare.scale,
    a: bare.a,
    b: bare.b,
    transposeA,
    transposeB,
  };
  if (paysInBlocks(scope.blocks, extentsOf(asDefined))) return productInBlocks(scope, asDefined);
  const [left, right] = [outOfBlocks(scope, bare.a), outOfBlocks(scope, bare.b)];
  const factors: Product = {
    alpha: bare.scale,
    a: left,
    b: right,
    transposeA: transposeA !== isTransposed(left),
    transposeB: transposeB !== isTransposed(right),
  };
  return gemm(scope, factors, {
    shape,
    order: mayFlip && sizeOf(b.shape) > sizeOf(a.shape) ? TRANSPOSED : undefined,
    product: factors,
  });
}

/**
 * Whether a scalar had better go into a factor of a bare product than over the product: where the smaller factor has
 * fewer numbers; and where nothing reads the product yet, as what clips a gradient does, for then it is computed
 * anyway.
 */
export function takesScalar(scope: Scope, x: Value, scalar: Value): boolean {
  if (x.product === undefined || scalar.shape.length > 0 || scope.isRead(x)) return false;
  const { a, b } = x.product;
  return Math.min(sizeOf(a.shape), sizeOf(b.shape)) < sizeOf(x.shape);
}

/**
 * A bare product times a scalar, which is again one: the scalar goes into its smaller factor.
 *
 * So an update W ← (1 − λ)·W − η·hᵀe stays one node where η is a value of the graph, and h or e takes the pass, not W.
 */
export function timesScalar(scope: Scope, x: Value, scalar: Value): Value {
  const { a, b, ...rest } = x.product as Product;
  const times = (factor: Value) => scope.node("Mul", [factor, scalar], withoutHints(factor));
  const factors: Product =
    sizeOf(a.shape) < sizeOf(b.shape) ? { ...rest, a: times(a), b } : { ...rest, a, b: times(b) };
  const { shape, order, blocks } = x;
  if (blocks !== undefined) return placed(scope, factors, blocks.axis);
  const { folded } = factors;
  return folded === undefined
    ? gemm(scope, factors, { shape, order, product: factors })
    : foldedProduct(scope, { ...factors, folded }, { shape, order });
}

/** A matrix that lies in an order: a bare product is made so, all else brought into it. */
export function lyingIn(scope: Scope, x: Value, order: Order | undefined): Value {
  const { shape, product, blocks } = x;
  const isAsIs = sameShape(x.order ?? [], order ?? []);
  if (product === undefined || product.folded !== undefined || blocks !== undefined || isAsIs)
    return orient(scope, x, order);
  return gemm(scope, product, { shape, order });
}

/** A tensor as it lies, as the addend of a folded product: of its matrix's shape, or a column for a number a row. */
function foldedAddend(scope: Scope, x: Value, c: Value): Value | undefined {
  const { folded } = x.product as Product;
  if (folded === undefined) return undefined;
  if (x.shape.length === 1 && sameShape(c.shape, x.shape))
    return relabel(scope, straight(scope, c), folded);
  if (sameShape(c.shape, x.shape)) return relabel(scope, orient(scope, c, x.order), folded);
  const rows = folded[0] as number;
  const isPerRow = c.shape.length === 1 && c.shape[0] === rows && storedShape(x)[0] === rows;
  const lastAxisIsOutermost = x.order?.[0] === x.shape.length - 1;
  return isPerRow && lastAxisIsOutermost
    ? relabel(scope, straight(scope, c), [rows, 1])
    : undefined;
}

/** Whether c can be added to a product within its own node. */
export function canFuseAdd(scope: Scope, x: Value, c: Value): boolean {
  if (x.product === undefined || c.type !== "float32") return false;
  if (x.product.folded !== undefined) return foldedAddend(scope, x, c) !== undefined;
  if (x.blocks !== undefined) return canFuseAddInBlocks(x, c);
  return c.shape.length <= x.shape.length && sameShape(shapeOps.add(c.shape, x.shape), x.shape);
}

/**
 * α·x + β·c as one node, where x is a bare product that takes c in: a matrix lies as c does if c is one, else as it
 * did.
 */
export function accumulate(
  scope: Scope,
  x: Value,
  alpha: number,
  addend: Value,
  beta: number,
): Value {
  const product = x.product as Product;
  const scaled = { ...product, alpha: alpha * product.alpha };
  if (x.blocks !== undefined) return accumulateInBlocks(scope, x, scaled, { c: addend, beta });
  const c = outOfBlocks(scope, addend);
  const { shape } = x;
  if (product.folded !== undefined) {
    const addition = { c: foldedAddend(scope, x, c) as Value, beta };
    return foldedProduct(
      scope,
      { ...scaled, folded: product.folded },
      { shape, order: x.order },
      addition,
    );
  }
  // Numbers that were a row before are as good as the row.
  const row = c.relabelled === undefined ? c : relabel(scope, c, [1, ...c.shape]);
  const { values, layout } = together(scope, c.shape.length === 2 ? [c] : [x, row]);
  return gemm(scope, scaled, { shape, order: layout.order }, { c: values.at(-1) as Value, beta });
}
