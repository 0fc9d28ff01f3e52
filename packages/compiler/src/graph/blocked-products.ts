import { sameShape, sizeOf } from "@bioflax/core";
import { BLOCKS_DOMAIN, inBlocks, stored, withZeros } from "./blocks";
import type { Scope } from "./scope";
import {
  type Blocks,
  type BlockUse,
  DYNAMIC,
  type Product,
  paddedTo,
  storedShape,
  type Value,
} from "./value";

type Axis = Blocks["axis"];

/** Whether a product of an m×k and a k×n matrix is faster in blocks. */
export function paysInBlocks(
  use: BlockUse | undefined,
  extents: readonly [m: number, k: number, n: number],
): use is BlockUse {
  if (use === undefined || extents.includes(DYNAMIC)) return false;
  const multiplications = sizeOf(extents);
  const filled = sizeOf(extents.map((extent) => paddedTo(extent, use.size)));
  return multiplications >= use.fewest && filled <= use.mostPadding * multiplications;
}

/** The extents of a product of an m×k and a k×n matrix. */
export function extentsOf({ a, b, transposeA, transposeB }: Product): [number, number, number] {
  const [rows, inner] = transposeA ? a.shape.toReversed() : a.shape;
  const columns = b.shape[transposeB ? 0 : 1];
  return [rows as number, inner as number, columns as number];
}

/** A factor, and along which of its axes it is to lie in blocks. */
type Side = readonly [value: Value, axis: Axis];

/**
 * The two sides of a product as a convolution of one pixel sees it, whose result lies in blocks along the axis: the
 * image's channels are summed over, and the filters are the other factor. a·b is an image of a and filters b, along
 * columns, or of b and filters a, along rows.
 */
function sidesOf(
  { a, b, transposeA, transposeB }: Product,
  axis: Axis,
): { image: Side; filters: Side } {
  const [summedOfA, rows]: [Axis, Axis] = transposeA ? [0, 1] : [1, 0];
  const [summedOfB, columns]: [Axis, Axis] = transposeB ? [1, 0] : [0, 1];
  return axis === 1
    ? { image: [a, summedOfA], filters: [b, columns] }
    : { image: [b, summedOfB], filters: [a, rows] };
}

/** How many numbers have to be moved in every step to bring a side into its blocks. */
function moves(scope: Scope, [value, axis]: Side): number {
  if (value.scope !== scope || value.blocks?.axis === axis) return 0;
  return (value.blocks === undefined ? 1 : 2) * sizeOf(value.shape);
}

/** The axis along which a product lies in blocks at the least cost. */
function cheapestAxis(scope: Scope, product: Product): Axis {
  const [rows, columns] = ([0, 1] as const).map((axis) => {
    const { image, filters } = sidesOf(product, axis);
    return moves(scope, image) + moves(scope, filters);
  }) as [number, number];
  return rows < columns ? 0 : 1;
}

/** A matrix of a bias's numbers, or of the product's shape, that is added to a product: β·c. */
interface Addition {
  readonly c: Value;
  readonly beta: number;
}

/** α·(a·b) in blocks, where its blocks lie at the least cost. */
export function productInBlocks(scope: Scope, product: Product): Value {
  return placed(scope, product, cheapestAxis(scope, product));
}

/** α·(a·b) in blocks along an axis. */
export function placed(scope: Scope, product: Product, axis: Axis): Value {
  const bare = { ...product, alpha: 1 };
  const matrix = { ...convolution(scope, bare, axis), product: bare };
  if (product.alpha === 1) return matrix;
  return {
    ...scaled(scope, matrix, product.alpha),
    product,
    scaled: { matrix, factor: product.alpha },
  };
}

/**
 * Whether c can be added to a product in blocks by the convolution itself: a matrix of its shape, or a number for each
 * column.
 */
export function canFuseAddInBlocks({ blocks, shape }: Value, c: Value): boolean {
  if (c.shape.length === 2) return sameShape(c.shape, shape);
  return c.shape.length === 1 && c.shape[0] === shape[1] && blocks?.axis === 1;
}

/**
 * α·(a·b) + β·c as one convolution that starts from c, where it can in place: it lies as c does if c is a matrix in
 * blocks.
 */
export function accumulateInBlocks(
  scope: Scope,
  x: Value,
  product: Product,
  { c, beta }: Addition,
): Value {
  const isMatrix = c.shape.length === 2;
  const axis = ((isMatrix ? c.blocks : undefined) ?? (x.blocks as Blocks)).axis;
  const start = scaled(scope, withZeros(scope, inBlocks(scope, c, isMatrix ? axis : 0)), beta);
  return convolution(scope, product, axis, isMatrix ? [undefined, start] : [start]);
}

const scaled = (scope: Scope, x: Value, factor: number): Value => {
  if (factor === 1) return x;
  const { shape, type, blocks } = x;
  return scope.node("Mul", [x, scope.constant([factor], [])], { shape, type, blocks });
};

/**
 * α·(a·b) by a convolution, which takes α to its smaller factor. @param added nothing, a bias, or no bias and what to
 * start from.
 */
function convolution(
  scope: Scope,
  product: Product,
  axis: Axis,
  added: readonly (Value | undefined)[] = [],
): Value {
  const [rows, , columns] = extentsOf(product);
  const sides = sidesOf(product, axis);
  const [image, filters] = [sides.image, sides.filters].map(([value, along]) =>
    withZeros(scope, inBlocks(scope, value, along)),
  ) as [Value, Value];
  const takesAlpha = sizeOf(image.shape) < sizeOf(filters.shape) ? image : filters;
  const [left, right] = [image, filters].map((side) =>
    side === takesAlpha ? scaled(scope, side, product.alpha) : side,
  ) as [Value, Value];
  const [, channels, ...pixels] = storedShape(right) as [number, number, number, number];
  const filterMemory = stored(scope, right, [channels, pixels[0] * pixels[1], 1, 1]);
  const { size } = left.blocks as Blocks;
  // A bias is added to the rows that fill up the last block, too.
  const fillsRows = added[0] !== undefined && rows % size > 0;
  return scope.node(
    `${BLOCKS_DOMAIN}:Conv`,
    [left, filterMemory, ...added],
    {
      shape: [rows, columns],
      type: "float32",
      blocks: { axis, size, padding: fillsRows ? "finite" : "zeros" },
    },
    { kernel_shape: { ints: [1, 1] } },
  );
}
