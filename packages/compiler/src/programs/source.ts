import { type Batch, type Network, type Shape, sizeOf, type TargetForm } from "@bioflax/core";
import { floats, type HostArray } from "../runtime/host-array";
import type { DeclareInput, ProgramOps } from "./program-ops";

/** Examples as they lie in memory, row-major; a graph gathers, converts and normalises the rows it needs. */
export interface Source {
  /** Pixels that stay bytes, or floats. */
  readonly inputs: Uint8Array | Float32Array;
  /** Targets of a kind the loss takes, [count, ...targetShape]. */
  readonly targets: Int32Array | Float32Array;
  /** What each example's loss and error are multiplied by in training, [count]; 1 each when left out. */
  readonly weights?: Float32Array | undefined;
  /** How many examples there are. */
  readonly count: number;
}

/** What every source of one network has in common. */
export interface SourceLayout {
  /** Shape of one example; its last axes are the network's input, the ones before it rows that share an example. */
  readonly inputShape: Shape;
  /** Shape of one example's target: `[]` for a class number. */
  readonly targetShape: Shape;
  /** The network sees (pixel·scale − mean) / standardDeviation. */
  readonly normalization?:
    | { readonly scale: number; readonly mean: number; readonly standardDeviation: number }
    | undefined;
}

/** What a graph needs to know of a source's arrays. */
export interface SourceTypes extends SourceLayout {
  readonly inputType: "uint8" | "float32";
  readonly targetType: "int32" | "float32";
  /** How the loss reads the targets. */
  readonly targetForm: TargetForm;
  readonly isWeighted: boolean;
}

/** The element types of a source's arrays. */
export function typesOf(
  source: Source,
): Pick<SourceTypes, "inputType" | "targetType" | "isWeighted"> {
  return {
    inputType: source.inputs instanceof Uint8Array ? "uint8" : "float32",
    targetType: source.targets instanceof Int32Array ? "int32" : "float32",
    isWeighted: source.weights !== undefined,
  };
}

/** How many rows a batch has once examples of several rows are flattened. */
export function rowsOf({ inputShape }: SourceLayout, network: Network, batch: number): number {
  return (batch * sizeOf(inputShape)) / sizeOf(network.spec.inputShape);
}

/** A source as inputs of a program: examples flattened to rows of numbers. */
export interface SourceInputs<T> {
  readonly inputs: T;
  readonly targets: T;
  readonly weights: T | undefined;
}

/** The shape of a source's targets as a program is given them. */
const flatTargets = (count: number, { targetShape }: SourceLayout): Shape =>
  targetShape.length === 0 ? [count] : [count, sizeOf(targetShape)];

/** Declares a source's arrays as inputs of a program. */
export function sourceInputs<T>(
  declare: DeclareInput<T>,
  count: number,
  types: SourceTypes,
): SourceInputs<T> {
  return {
    inputs: declare("inputs", [count, sizeOf(types.inputShape)], types.inputType),
    targets: declare("targets", flatTargets(count, types), types.targetType),
    weights: types.isWeighted ? declare("weights", [count], "float32") : undefined,
  };
}

/** A source's arrays, by the names of {@link sourceInputs}. */
export function sourceArrays(source: Source, layout: SourceLayout): Record<string, HostArray> {
  const { inputs, targets, weights, count } = source;
  const { inputType, targetType } = typesOf(source);
  return {
    inputs: { type: inputType, data: inputs, shape: [count, sizeOf(layout.inputShape)] },
    targets: { type: targetType, data: targets, shape: flatTargets(count, layout) },
    ...(weights && { weights: floats(weights, [count]) }),
  };
}

/**
 * The batch the given row numbers name, as the network wants it.
 *
 * @param rows int32 [batch].
 * @param networkInput shape of the network's input: an example of shape [r, ...networkInput] gives r rows.
 * @returns input [batch·r, ...networkInput]; target as the loss reads it, labels [batch·r] or rows [batch·r, outputs];
 *   and weights [batch·r, 1], where examples have any.
 */
export function gatherBatch<T>(
  { ops, gather, cast }: ProgramOps<T>,
  source: SourceInputs<T>,
  rows: T,
  { inputShape, targetShape, targetType, targetForm, normalization }: SourceTypes,
  networkInput: Shape,
): Batch<T> {
  const [batch] = ops.shape(rows) as [number];
  const examples = cast(gather(source.inputs, rows), "float32");
  const rowsPerExample = sizeOf(inputShape) / sizeOf(networkInput);
  const normalised =
    normalization === undefined
      ? examples
      : ops.add(
          ops.mul(examples, normalization.scale / normalization.standardDeviation),
          -normalization.mean / normalization.standardDeviation,
        );
  const gathered = gather(source.targets, rows);
  const wanted = targetForm === "labels" ? "int32" : "float32";
  const target = targetType === wanted ? gathered : cast(gathered, wanted);
  const networkRows = batch * rowsPerExample;
  const targetOf = () => {
    if (targetForm === "rows")
      return ops.reshape(target, [networkRows, sizeOf(targetShape) / rowsPerExample]);
    return targetShape.length === 0 ? target : ops.reshape(target, [networkRows]);
  };
  const weightsOf = (weights: T) => {
    const column = ops.reshape(gather(weights, rows), [batch, 1]);
    return rowsPerExample === 1
      ? column
      : ops.reshape(ops.broadcastTo(column, [batch, rowsPerExample]), [networkRows, 1]);
  };
  return {
    input: ops.reshape(normalised, [networkRows, ...networkInput]),
    target: targetOf(),
    weights: source.weights === undefined ? undefined : weightsOf(source.weights),
  };
}
