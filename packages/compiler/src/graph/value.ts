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

/** A value of a graph: a name, and what is known of it before anything runs. */
export interface Value {
  readonly name: string;
  /** Its shape as the definition sees it. */
  readonly shape: Shape;
  readonly type: ElementType;
  /** The graph or loop body that computes it. */
  readonly scope: Scope;
  /** Whether it is a matrix that lies in memory transposed: a [rows, columns] matrix kept as [columns, rows]. */
  readonly transposed?: boolean;
  /** Set where the value is a matrix product that nothing has been added to. */
  readonly product?: Product;
  /** Set where the value is a matrix times a number, which a product of it can take into its own factor. */
  readonly scaled?: { readonly matrix: Value; readonly factor: number };
}

/** The two factors of a matrix product, α·(a·b), and which of them is read transposed from where it lies. */
export interface Product {
  readonly alpha: number;
  readonly a: Value;
  readonly b: Value;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The shape of a value as it lies in memory. */
export function storedShape({
  shape,
  transposed = false,
}: Pick<Value, "shape" | "transposed">): Shape {
  return transposed ? shape.toReversed() : shape;
}
