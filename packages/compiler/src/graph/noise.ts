import { type NoiseInfo, noiseShape, noiseTableSize, sizeOf } from "@bioflax/core";
import { gather, onnxOps } from "./onnx-ops";
import type { Scope } from "./scope";
import { OPEN, type Value } from "./value";

/** The name of the input that says where in its table a noise begins at each step. */
export function offsetsName({ name }: Pick<NoiseInfo, "name">): string {
  return `${name}.offsets`;
}

/** A noise as inputs of a graph: the table it is read from, and where it begins at each step. */
export interface NoiseInputs {
  readonly info: NoiseInfo;
  readonly table: Value;
  /** int64 [steps, 1]. */
  readonly offsets: Value;
}

/**
 * Declares a noise's table and offsets as inputs of a graph.
 *
 * @param largestBatch the most examples a step has, of any program that reads the table.
 */
export function noiseInputs(scope: Scope, info: NoiseInfo, largestBatch: number): NoiseInputs {
  return {
    info,
    table: scope.input(info.name, [noiseTableSize(info, largestBatch)]),
    offsets: scope.input(offsetsName(info), [OPEN, 1], "int64"),
  };
}

/** The noise of one step of a loop: the stretch of its table that begins at the step's offset. */
export function noiseAt(
  scope: Scope,
  { info, table, offsets }: NoiseInputs,
  iteration: Value,
  batch: number,
): Value {
  const shape = noiseShape(info, batch);
  const size = sizeOf(shape);
  const start = gather(scope, offsets, iteration);
  const end = scope.node("Add", [start, scope.constant([size], [1], "int64")], {
    shape: [1],
    type: "int64",
  });
  const stretch = scope.node("Slice", [table, start, end], { shape: [size], type: "float32" });
  return onnxOps(scope).reshape(stretch, shape);
}
