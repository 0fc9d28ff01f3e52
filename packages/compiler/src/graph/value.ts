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

/** The one extent of a graph that is only known when it runs: how many steps a call takes, or examples a batch has. */
export const OPEN = -1;

/** A value of a graph: a name, and what is known of it before anything runs. */
export interface Value {
  readonly name: string;
  /** Its shape as the definition sees it. */
  readonly shape: Shape;
  readonly type: ElementType;
  /** The graph or loop body that computes it. */
  readonly scope: Scope;
  /**
   * Its axes in the order in which they lie in memory, outermost first; as in `shape` when left out. [1, 0] is a matrix that lies
   * transposed.
   */
  readonly order?: Order | undefined;
  /** Set where the value is a matrix product that nothing has been added to. */
  readonly product?: Product;
  /** Set where the value is a matrix times a number, which a product of it can take into its own factor. */
  readonly scaled?: { readonly matrix: Value; readonly factor: number };
}

/** Axes, by the position they have in a shape. */
export type Order = readonly number[];

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

/** The shape of a value as it lies in memory. */
export function storedShape({ shape, order }: Pick<Value, "shape" | "order">): Shape {
  return order === undefined ? shape : order.map((axis) => shape[axis] as number);
}
