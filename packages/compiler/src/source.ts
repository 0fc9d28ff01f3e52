import { type Shape, sizeOf } from "@bioflax/core";
import { cast, gather, onnxOps } from "./graph/onnx-ops";
import type { Scope } from "./graph/scope";
import type { Value } from "./graph/value";

/** Examples as they lie in memory, row-major; a graph gathers, converts and normalises the rows it needs. */
export interface Source {
  /** Pixels that stay bytes, or floats. */
  readonly inputs: Uint8Array | Float32Array;
  /** One label an example, or values. */
  readonly targets: Int32Array | Float32Array;
  /** How many examples there are. */
  readonly count: number;
}

/** What every source of one network has in common. */
export interface SourceLayout {
  /** Shape of one example; its last axes are the network's input, the ones before it rows that share an example. */
  readonly inputShape: Shape;
  /** Shape of one example's target: `[]` for a label. */
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
}

/** The element types of a source's arrays. */
export function typesOf(source: Source): Pick<SourceTypes, "inputType" | "targetType"> {
  return {
    inputType: source.inputs instanceof Uint8Array ? "uint8" : "float32",
    targetType: source.targets instanceof Int32Array ? "int32" : "float32",
  };
}

/** A source as inputs of a graph: examples flattened to rows of numbers. */
export interface SourceInputs {
  readonly inputs: Value;
  readonly targets: Value;
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
  };
}

/**
 * The batch the given row numbers name, as the network wants it.
 *
 * @param rows int32 [batch].
 * @param networkInput shape of the network's input: an example of shape [r, ...networkInput] gives r rows.
 * @returns input [batch·r, ...networkInput] and target: labels [batch], or values [batch·r, outputs].
 */
export function gatherBatch(
  scope: Scope,
  source: SourceInputs,
  rows: Value,
  { inputShape, targetShape, normalization }: SourceTypes,
  networkInput: Shape,
): { input: Value; target: Value } {
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
  const target = gather(scope, source.targets, rows);
  return {
    input: ops.reshape(normalised, [batch * rowsPerExample, ...networkInput]),
    target:
      targetShape.length === 0
        ? target
        : ops.reshape(target, [batch * rowsPerExample, sizeOf(targetShape) / rowsPerExample]),
  };
}
