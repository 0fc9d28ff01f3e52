import type { ProgramOps, SourceTypes } from "@bioflax/compiler";
import { sizeOf } from "@bioflax/core";
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

/** What the compiler's programs need of what they are traced into. */
export const programOps = (block: Block): ProgramOps<Value> => ({
  ops: stablehloOps(block),
  gather: (data, indices) => gather(block, data, indices),
  cast: (x, type) => convert(block, x, type),
});
