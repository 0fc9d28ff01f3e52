import type { Shape } from "@bioflax/core";
import type { Block } from "./block";

/** The element types of a program's values. */
export type ValueType = "float32" | "uint8" | "int32" | "bool";

/** StableHLO's names of them. */
export const stablehloTypes = {
  float32: "f32",
  uint8: "ui8",
  int32: "i32",
  bool: "i1",
} as const satisfies Record<ValueType, string>;

/** A value of a program: a name, and what is known of it before anything runs. */
export interface Value {
  /** As MLIR writes it, `%12` or `%12#0`. */
  readonly name: string;
  readonly shape: Shape;
  readonly type: ValueType;
  /** The block that computes it. */
  readonly block: Block;
}

/** What an operation computes: everything about its result but the name and the place. */
export type Result = Pick<Value, "shape" | "type">;

/** A type as MLIR writes it: `tensor<2x3xf32>`. */
export const typeText = ({ shape, type }: Result): string =>
  `tensor<${[...shape, stablehloTypes[type]].join("x")}>`;
