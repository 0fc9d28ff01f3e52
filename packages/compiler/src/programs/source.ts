import { type Batch, type Shape, sizeOf, type TargetForm } from "@bioflax/core";
import { cast, gather, onnxOps } from "../graph/onnx-ops";
import type { Scope } from "../graph/scope";
import type { Value } from "../graph/value";

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

/** A source as inputs of a graph: examples flattened to rows of numbers. */
export interface SourceInputs {
  readonly inputs: Value;
  readonly targets: Value;
  readonly weights: Value | undefined;
}

/** Declares a source's arrays as inputs of a graph. */
export function sourceInputs(scope: Scope, count: number, types: SourceTypes): SourceInputs {
  return {
    inputs: scope.input("inputs", [count, sizeOf(types.inputShape)], types.inputType),
    targets: scope.input(
      "targets",
      [count, ...(types.targetShape.length === 0 ? [] : [sizeOf(types.targetShape)])],
      types.targetType,
    ),
    weights: types.isWeighted ? scope.input("weights", [count]) : undefined,
  };
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
  scope: Scope,
  source: SourceInputs,
  rows: Value,
  { inputShape, targetShape, targetType, targetForm, normalization }: SourceTypes,
  networkInput: Shape,
): Batch<Value> {
  const ops = onnxOps(scope);
  const batch = rows.shape[0] as number;
  const examples = cast(scope, gather(scope, source.inputs, rows), "float32");
  const rowsPerExample = sizeOf(inputShape) / sizeOf(networkInput);
  const normalised =
    normalization === undefined
      ? examples
      : ops.add(
          ops.mul(examples, normalization.scale / normalization.standardDeviation),
          -normalization.mean / normalization.standardDeviation,
        );
  const gathered = gather(scope, source.targets, rows);
  const wanted = targetForm === "labels" ? "int32" : "float32";
  const target = targetType === wanted ? gathered : cast(scope, gathered, wanted);
  const networkRows = batch * rowsPerExample;
  const targetOf = () => {
    if (targetForm === "rows")
      return ops.reshape(target, [networkRows, sizeOf(targetShape) / rowsPerExample]);
    return targetShape.length === 0 ? target : ops.reshape(target, [networkRows]);
  };
  const weightsOf = (weights: Value) => {
    const column = ops.reshape(gather(scope, weights, rows), [batch, 1]);
    return rowsPerExample === 1
      ? column
      : ops.reshape(ops.broadcastTo(column, [batch, rowsPerExample]), [networkRows, 1]);
  };
  return {
    input: ops.reshape(normalised, [networkRows, ...networkInput]),
    target: targetOf(),
    weights: source.weights && weightsOf(source.weights),
  };
}
