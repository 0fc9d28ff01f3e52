import type { SourceTypes } from "@bioflax/compiler";
import { type Batch, type Shape, sizeOf } from "@bioflax/core";
import type { Block } from "./stablehlo/block";
import type { Argument } from "./stablehlo/program";
import { convert, gather } from "./stablehlo/shaping";
import { stablehloOps } from "./stablehlo/stablehlo-ops";
import type { Value } from "./stablehlo/value";

/** A source as arguments of a program: examples flattened to rows of numbers; pixels stay bytes. */
export function sourceArguments(
  count: number,
  { inputShape, inputType, targetShape, targetType, isWeighted }: SourceTypes,
): Argument[] {
  const targetSize = targetShape.length === 0 ? [] : [sizeOf(targetShape)];
  return [
    { name: "inputs", shape: [count, sizeOf(inputShape)], type: inputType },
    { name: "targets", shape: [count, ...targetSize], type: targetType },
    ...(isWeighted
      ? [{ name: "weights", shape: [count], type: "float32" } satisfies Argument]
      : []),
  ];
}

/** A source's arrays in a program, by the names of {@link sourceArguments}. */
export interface SourceValues {
  readonly inputs: Value;
  readonly targets: Value;
  readonly weights?: Value | undefined;
}

/**
 * The batch the given row numbers name, as the network wants it.
 *
 * @param rows int32 [batch].
 * @param networkInput shape of the network's input: an example of shape [r, ...networkInput] gives r rows.
 * @returns input [batch·r, ...networkInput]; target as the loss reads it, labels [batch·r] or rows [batch·r, outputs]; and
 *   weights [batch·r, 1], where examples have any.
 */
export function gatherBatch(
  block: Block,
  source: SourceValues,
  rows: Value,
  { inputShape, targetShape, targetForm, normalization }: SourceTypes,
  networkInput: Shape,
): Batch<Value> {
  const ops = stablehloOps(block);
  const batch = rows.shape[0] as number;
  const rowsPerExample = sizeOf(inputShape) / sizeOf(networkInput);
  const networkRows = batch * rowsPerExample;
  const examples = convert(block, gather(block, source.inputs, rows), "float32");
  const normalised = () => {
    if (normalization === undefined) return examples;
    const { scale, mean, standardDeviation } = normalization;
    return ops.add(ops.mul(examples, scale / standardDeviation), -mean / standardDeviation);
  };
  const target = convert(
    block,
    gather(block, source.targets, rows),
    targetForm === "labels" ? "int32" : "float32",
  );
  const targetWidth = targetForm === "rows" ? [sizeOf(targetShape) / rowsPerExample] : [];
  const weightsOf = (weights: Value) => {
    const column = ops.reshape(gather(block, weights, rows), [batch, 1]);
    return ops.reshape(ops.broadcastTo(column, [batch, rowsPerExample]), [networkRows, 1]);
  };
  return {
    input: ops.reshape(normalised(), [networkRows, ...networkInput]),
    target: ops.reshape(target, [networkRows, ...targetWidth]),
    weights: source.weights && weightsOf(source.weights),
  };
}
