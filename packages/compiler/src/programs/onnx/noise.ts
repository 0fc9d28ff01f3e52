import { type NoiseInfo, noiseShape, noiseTableSize, type Shape, sizeOf } from "@bioflax/core";
import { relabel, stackOf } from "../../graph/layout";
import { gather, onnxOps } from "../../graph/onnx-ops";
import type { Scope } from "../../graph/scope";
import { DYNAMIC, type Value } from "../../graph/value";
import { boundName, noiseSize, offsetsName } from "../noise-inputs";
import { rowsOf } from "../source";
import type { OnnxContext } from "./onnx-context";

/**
 * How many rows the batches have that noise is drawn for: of this program, and the most of any that reads the table.
 */
export interface NoiseRows {
  readonly batch: number;
  readonly largestBatch: number;
}

/** How many rows the noise of a network's programs is made for. */
export function noiseRowsOf({ trainable, source, batch, largestBatch }: OnnxContext): NoiseRows {
  const { network } = trainable;
  return {
    batch: rowsOf(source, network, batch),
    largestBatch: rowsOf(source, network, largestBatch),
  };
}

/** A table as one stretch of numbers; those of replicas one after another. */
function tableInput(
  scope: Scope,
  info: NoiseInfo,
  { largestBatch }: NoiseRows,
  axis: Shape,
): Value {
  const shape = [...axis, noiseTableSize(info, largestBatch)];
  return relabel(scope, scope.input(info.name, shape), [sizeOf(shape)]);
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
  return { ...onnxOps(scope).reshape(values, shape), stretch: { table, start } };
}

/**
 * Declares the tables of noise and, int64 [steps, 1], where each begins at each step, as inputs of a graph.
 *
 * @param axis of replicas: then there are as many tables, and offsets, int64 [steps, replicas], in all of them.
 * @returns the noise of one iteration of a loop in it.
 */
export function loopNoise(
  scope: Scope,
  noise: readonly NoiseInfo[],
  rows: NoiseRows,
  axis: Shape,
): (inner: Scope, iteration: Value) => Value[] {
  const inputs = noise.map((info) => ({
    info,
    table: tableInput(scope, info, rows, axis),
    offsets: scope.input(
      offsetsName(info),
      [DYNAMIC, ...(axis.length === 0 ? [1] : axis)],
      "int64",
    ),
  }));
  return (inner, iteration) =>
    inputs.map(({ info, table, offsets }) => {
      const starts = gather(inner, offsets, iteration);
      const size = inner.constant([noiseSize(info, rows.batch)], [1], "int64");
      const parts = startsOf(inner, starts).map((start) => {
        const end = inner.node("Add", [start, size], { shape: [1], type: "int64" });
        return stretch(inner, info, rows, [table, start, end]);
      });
      return axis.length === 0 ? (parts[0] as Value) : stackOf(inner, parts);
    });
}

/** Each of some offsets, int64 [n], by itself, int64 [1]. */
function startsOf(inner: Scope, starts: Value): Value[] {
  const [count] = starts.shape as [number];
  if (count === 1) return [starts];
  return Array.from({ length: count }, (_, i) =>
    gather(inner, starts, inner.constant([i], [1], "int32")),
  );
}

/**
 * Declares the tables of noise and, int64 [1] each, where each begins and ends at every step: bounds that are given
 * keep a graph on a GPU from computing with whole numbers of 64 bits, which GPUs do not have.
 *
 * @param axis of replicas, each of which has bounds of its own.
 * @returns the noise of one of the steps.
 */
export function stepNoise(
  scope: Scope,
  noise: readonly NoiseInfo[],
  rows: NoiseRows,
  steps: number,
  axis: Shape,
): (step: number) => Value[] {
  const places = steps * sizeOf(axis);
  const inputs = noise.map((info) => ({
    info,
    table: tableInput(scope, info, rows, axis),
    bounds: Array.from({ length: places }, (_, place) =>
      (["start", "end"] as const).map((bound) =>
        scope.input(boundName(info, bound, place), [1], "int64"),
      ),
    ),
  }));
  return (step) =>
    inputs.map(({ info, table, bounds }) => {
      const own = bounds.slice(step * sizeOf(axis), (step + 1) * sizeOf(axis));
      const parts = own.map(([start, end]) =>
        stretch(scope, info, rows, [table, start as Value, end as Value]),
      );
      return axis.length === 0 ? (parts[0] as Value) : stackOf(scope, parts);
    });
}
