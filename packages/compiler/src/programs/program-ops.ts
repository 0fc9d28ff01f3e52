import type { Shape, TensorOps } from "@bioflax/core";
import type { HostType } from "../runtime/host-array";

/**
 * What programs need of what they are traced into, beside the vocabulary: each interpreter that traces programs has its
 * own.
 */
export interface ProgramOps<T> {
  readonly ops: TensorOps<T>;
  /** The slices of `data` along its first axis that the indices name: [n, ...] by int32 [..m] → [..m, ...]. */
  gather(data: T, indices: T): T;
  /** The value converted to another element type. */
  cast(x: T, type: "float32" | "int32"): T;
  /** Numbers, float32 [n]. */
  vector(values: readonly number[]): T;
}

/** Declares an input of a program. */
export type DeclareInput<T> = (name: string, shape: Shape, type: Exclude<HostType, "int64">) => T;
