import type { LossSpec, NetworkSpec, OptimizerSpec } from "@bioflax/core";

/**
 * A batch of test data: input rows, either labels or target rows, what examples are weighted by, this step's random
 * numbers by name, and which examples they are, where some come again.
 */
export interface PlainBatch {
  readonly input: number[][];
  readonly labels?: number[];
  readonly values?: number[][];
  readonly weights?: number[];
  readonly noise?: Readonly<Record<string, Float32Array>>;
  readonly examples?: readonly number[];
  /** Each example's own error of the last time; undefined of one that has not been trained on. */
  readonly delayed?: readonly (readonly number[] | undefined)[];
}

/** What is trained, and how. */
export interface PlainSetup {
  readonly spec: NetworkSpec;
  readonly loss: LossSpec;
  readonly optimizer: OptimizerSpec;
}
