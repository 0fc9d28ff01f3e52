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

/** A matrix product that has not been added to anything, which may still be fused with what is. */
export interface Product {
  readonly a: Value;
  readonly b: Value;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** A value of a graph: a name, and what is known of it before anything runs. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
  /** The graph or loop body that computes it. */
  readonly scope: Scope;
  /** Set where the value is a bare matrix product. */
  readonly product?: Product;
}
