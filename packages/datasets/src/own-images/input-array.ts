import { BioflaxError, type Shape } from "@bioflax/core";

/** Numbers as an input file holds them, row-major. */
export interface InputArray {
  readonly shape: Shape;
  readonly values: Uint8Array | Float32Array;
}

/** The error for an input that cannot be used. */
export function inputError(name: string, problem: string): BioflaxError {
  return new BioflaxError(`${name}: ${problem}`);
}
