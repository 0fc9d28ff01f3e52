import type { LossSpec, NetworkSpec, OptimizerSpec } from "@bioflax/core";

/**
 * A batch of test data: input rows, either labels or target rows, what examples are weighted by, and this step's random
 * numbers by name.
 */
export interface PlainBatch {
  readonly input: number[][];
  readonly labels?: number[];
  readonly values?: number[][];
  readonly weights?: number[];
  readonly noise?: Readonly<Record<string, Float32Array>>;
}

/** What is trained, and how. */
export interface PlainSetup {
  readonly spec: NetworkSpec;
  readonly loss: LossSpec;
  readonly optimizer: OptimizerSpec;
}
