import type { Shape } from "@bioflax/core";
import { TensorProto_DataType } from "../proto/onnx_pb";
import type { Scope } from "./scope";

/** The element types a graph holds. */
export type ElementType = "float32" | "uint8" | "int32" | "int64" | "bool";

/** The code ONNX gives an element type. */
export const onnxType: Readonly<Record<ElementType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  uint8: TensorProto_DataType.UINT8,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
};

/**
 * The one extent of a graph that is only known when it runs: how many steps a call takes, or examples a batch has. What is
 * so many times it, as rows of all examples are, is so many times this.
 */
export const DYNAMIC = -1;

/** Whether an extent is known only when the graph runs. */
export const isOpen = (extent: number): boolean => extent < 0;

/** A value of a graph: a name, and what is known of it before anything runs. */
export interface Value {
  readonly name: string;
  /** Its shape as the definition sees it. */
  readonly shape: Shape;
  readonly type: ElementType;
  /** The graph or loop body that computes it. */
  readonly scope: Scope;
  /**
   * Its axes in the order in which they lie in memory, outermost first; as in `shape` when left out. [1, 0] is a matrix
   * that lies transposed.
   */
  readonly order?: Order | undefined;
  /** Set where a matrix or vector lies in blocks; it then has no order. */
  readonly blocks?: Blocks | undefined;
  /** Set where the value is a matrix product that nothing has been added to. */
  readonly product?: Product;
  /** Set where the value is a matrix times a number, which a product of it can take into its own factor. */
  readonly scaled?: { readonly matrix: Value; readonly factor: number };
  /** Set where the value is the sum of a matrix in blocks over its rows. */
  readonly sumOf?: Value;
  /** Set where the value is the sum of all of another's numbers, times a number. */
  readonly total?: { readonly numbers: Value; readonly factor: number };
  /** Set where the value is the same memory as another, under another shape. */
  readonly relabelled?: Value;
  /** Set where the value is one of the parts that another is cut into along its first axis. */
  readonly part?: { readonly of: Value; readonly index: number; readonly extents: Shape };
  /** Set where the value is what a rectifier left, which is nowhere negative. */
  readonly isRectified?: true;
  /** Set where the value is a stretch of a table, as it lies. */
  readonly stretch?: Stretch;
}

/** A stretch of a table of numbers. */
export interface Stretch {
  /** [numbers]. */
  readonly table: Value;
  /** Where it begins, int64 [1]. */
  readonly start: Value;
}

/** Axes, by the position they have in a shape. */
export type Order = readonly number[];

/** A matrix that lies transposed. */
export const TRANSPOSED: Order = [1, 0];

/** Matrices of a stack that lie transposed, one after another. */
export const TRANSPOSED_EACH: Order = [0, 2, 1];

/**
 * How a matrix lies in blocks: so many of its columns (axis 1) or rows (axis 0) beside each other, all along the other
 * axis, and then the next so many. Both axes are filled up to whole blocks. A vector (axis 0) is only filled up.
 */
export interface Blocks {
  readonly axis: 0 | 1;
  readonly size: number;
  readonly padding: Padding;
}

/** Which matrices of a graph lie in blocks. */
export interface BlockUse {
  /** How many numbers a block has. */
  readonly size: number;
  /** A product of fewer multiplications takes less time than bringing its factors into blocks. */
  readonly fewest: number;
  /** How many times as many multiplications a product may take once its extents are filled up. */
  readonly mostPadding: number;
}

/** What axes are filled up with: zeros, any finite numbers, or anything. */
export type Padding = "zeros" | "finite" | "anything";

/** How a value lies in memory. */
export type Layout = Pick<Value, "order" | "blocks">;

/** The two factors of a matrix product, α·(a·b), and which of them is read transposed from where it lies. */
export interface Product {
  /** The matrix as which the product lies in memory, where the value is not that matrix but has more axes. */
  readonly folded?: Shape;
  readonly alpha: number;
  readonly a: Value;
  readonly b: Value;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * A value's layout, shape and type without what is known of how it was computed, which does not hold for what becomes
 * of it.
 */
export function withoutHints({
  product: _product,
  scaled: _scaled,
  sumOf: _sumOf,
  total: _total,
  relabelled: _relabelled,
  part: _part,
  isRectified: _isRectified,
  stretch: _stretch,
  ...plain
}: Value): Value {
  return plain;
}

/** An extent, filled up to whole blocks. */
export function paddedTo(extent: number, size: number): number {
  return Math.ceil(extent / size) * size;
}

/**
 * The shape of a value as it lies in memory.
 *
 * A matrix in blocks is stored as an image whose channels are the blocked axis; the other axis is its pixels, in as
 * many rows as leave two or more in each: threads share rows out among themselves.
 */
export function storedShape({ shape, order, blocks }: Pick<Value, "shape"> & Layout): Shape {
  if (blocks !== undefined) {
    const [first = 0, second] = shape.map((extent) => paddedTo(extent, blocks.size));
    if (second === undefined) return [first / blocks.size, blocks.size];
    const [channels, pixels] = blocks.axis === 0 ? [first, second] : [second, first];
    const rows = blocks.size / 2;
    return [1, channels, rows, pixels / rows];
  }
  return order === undefined ? shape : order.map((axis) => shape[axis] as number);
}
