import { lossAndGradients, prepareStep } from "@bioflax/core";
import { alignment } from "@bioflax/metrics";
import { askOfBatch, type BatchResults, batchInputs } from "./batch-program";
import type { ProgramContext } from "./program-context";
import type { DeclareInput, ProgramOps } from "./program-ops";

/**
 * Traces how the step of a batch is aligned with backpropagation, before it is taken: scalars by name. It is a program
 * of its own, so that measuring changes no bit of the step, and so that of a layer's two gradients, which read the same
 * inputs, the second is computed right after the first.
 *
 * @param noise declares what the step draws.
 */
export function alignmentProgram<T>(
  program: ProgramOps<T>,
  declare: DeclareInput<T>,
  context: ProgramContext,
  noise: () => readonly T[],
): BatchResults<T> {
  let observed: readonly string[] = [];
  const inputs = batchInputs(declare, context);
  const outputs = askOfBatch(
    program,
    context,
    inputs,
    (ops, trainable, parameters, batch, ownNoise) => {
      const { network } = trainable;
      const prepared = prepareStep(ops, network, parameters, ownNoise);
      const pass = lossAndGradients(ops, trainable, prepared, batch);
      const measures = alignment(ops, network, prepared, pass);
      observed = Object.keys(measures);
      return Object.values(measures);
    },
    noise(),
  );
  return { outputs, observed };
}
