import type { Shape } from "@bioflax/core";

/** The element types that arrays in memory have. */
export type HostType = "float32" | "uint8" | "int32" | "int64";

/** An array in memory with its type and shape, as whatever computes is given it; nothing is copied to make one. */
export interface HostArray {
  readonly type: HostType;
  readonly data: Float32Array | Uint8Array | Int32Array | BigInt64Array;
  readonly shape: Shape;
}

/** An array of floats. */
export const floats = (data: Float32Array, shape: Shape): HostArray => ({
  type: "float32",
  data,
  shape,
});
