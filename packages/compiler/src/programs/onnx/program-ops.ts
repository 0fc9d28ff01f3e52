import { cast, gather, onnxOps } from "../../graph/onnx-ops";
import type { Scope } from "../../graph/scope";
import type { Value } from "../../graph/value";
import type { DeclareInput, ProgramOps } from "../program-ops";

/** Declares inputs of a graph. */
export const declareIn =
  (scope: Scope): DeclareInput<Value> =>
  (name, shape, type) =>
    scope.input(name, shape, type);

/** What programs are traced into an ONNX graph, or the body of a loop in one, with. */
export function onnxProgram(scope: Scope): ProgramOps<Value> {
  return {
    ops: onnxOps(scope),
    gather: (data, indices) => gather(scope, data, indices),
    cast: (x, type) => cast(scope, x, type),
    vector: (values) => scope.constant(values, [values.length]),
  };
}
