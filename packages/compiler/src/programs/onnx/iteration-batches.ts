import { sizeOf } from "@bioflax/core";
import { gather } from "../../graph/onnx-ops";
import type { Scope } from "../../graph/scope";
import { DYNAMIC, type Value } from "../../graph/value";
import type { ProgramOps } from "../program-ops";
import { onnxProgram } from "./program-ops";

/** How many numbers a step gathers at most for what all steps of an iteration do to be gathered at once. */
const FEW = 2 ** 12;

/**
 * The rows of each step of an iteration, and what gathers by them: of small examples all steps' at once, one node where
 * there were as many as steps; larger ones would be copied once more.
 *
 * @param rows of all steps, int32 [steps, batch].
 * @param steps the number of each step of the iteration, int64.
 */
export function iterationBatches(
  inner: Scope,
  rows: Value,
  iteration: Value,
  steps: readonly Value[],
): { readonly program: ProgramOps<Value>; readonly rows: readonly Value[] } {
  const program = onnxProgram(inner);
  const ofStep = steps.map((step) => gather(inner, rows, step));
  const [, batch, ...others] = rows.shape as [number, number, ...number[]];
  if (steps.length === 1 || others.length > 0) return { program, rows: ofStep };
  const count = steps.length * batch;
  const size = inner.constant([-1, count], [2], "int64");
  const byIteration = inner.node("Reshape", [rows, size], {
    shape: [DYNAMIC, count],
    type: rows.type,
  });
  const together = (data: Value) => {
    const all = gather(inner, byIteration, iteration);
    return inner.split(
      gather(inner, data, all),
      steps.map(() => batch),
    );
  };
  return {
    rows: ofStep,
    program: {
      ...program,
      gather(data, indices) {
        const step = ofStep.indexOf(indices);
        return step >= 0 && batch * sizeOf(data.shape.slice(1)) <= FEW
          ? (together(data)[step] as Value)
          : program.gather(data, indices);
      },
    },
  };
}
