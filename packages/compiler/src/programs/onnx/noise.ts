import { type NoiseInfo, noiseShape, noiseTableSize, sizeOf } from "@bioflax/core";
import { gather, onnxOps } from "../../graph/onnx-ops";
import type { Scope } from "../../graph/scope";
import { DYNAMIC, type Value } from "../../graph/value";
import { boundName, noiseSize, offsetsName } from "../noise-inputs";

/**
 * How many rows the batches have that noise is drawn for: of this program, and the most of any that reads the table.
 */
export interface NoiseRows {
  readonly batch: number;
  readonly largestBatch: number;
}

function tableInput(scope: Scope, info: NoiseInfo, { largestBatch }: NoiseRows): Value {
  return scope.input(info.name, [noiseTableSize(info, largestBatch)]);
}

/** The stretch of a table between two bounds, int64 [1], as one step's noise. */
function stretch(
  scope: Scope,
  info: NoiseInfo,
  { batch }: NoiseRows,
  [table, start, end]: readonly [Value, Value, Value],
): Value {
  const shape = noiseShape(info, batch);
  const values = scope.node("Slice", [table, start, end], {
    shape: [sizeOf(shape)],
    type: "float32",
  });
  return onnxOps(scope).reshape(values, shape);
}

/**
 * Declares the tables of noise and, int64 [steps, 1], where each begins at each step, as inputs of a graph.
 *
 * @returns the noise of one iteration of a loop in it.
 */
export function loopNoise(
  scope: Scope,
  noise: readonly NoiseInfo[],
  rows: NoiseRows,
): (inner: Scope, iteration: Value) => Value[] {
  const inputs = noise.map((info) => ({
    info,
    table: tableInput(scope, info, rows),
    offsets: scope.input(offsetsName(info), [DYNAMIC, 1], "int64"),
  }));
  return (inner, iteration) =>
    inputs.map(({ info, table, offsets }) => {
      const start = gather(inner, offsets, iteration);
      const size = inner.constant([noiseSize(info, rows.batch)], [1], "int64");
      const end = inner.node("Add", [start, size], { shape: [1], type: "int64" });
      return stretch(inner, info, rows, [table, start, end]);
    });
}

/**
 * Declares the tables of noise and, int64 [1] each, where each begins and ends at every step: bounds that are given
 * keep a graph on a GPU from computing with whole numbers of 64 bits, which GPUs do not have.
 *
 * @returns the noise of one of the steps.
 */
export function stepNoise(
  scope: Scope,
  noise: readonly NoiseInfo[],
  rows: NoiseRows,
  steps: number,
): (step: number) => Value[] {
  const inputs = noise.map((info) => ({
    info,
    table: tableInput(scope, info, rows),
    bounds: Array.from({ length: steps }, (_, step) =>
      (["start", "end"] as const).map((bound) =>
        scope.input(boundName(info, bound, step), [1], "int64"),
      ),
    ),
  }));
  return (step) =>
    inputs.map(({ info, table, bounds }) => {
      const [start, end] = bounds[step] as [Value, Value];
      return stretch(scope, info, rows, [table, start, end]);
    });
}
