import { differenceName, lossAndGradients, type ParameterInfo, prepareStep } from "@bioflax/core";
import { type AlignmentPlace, alignmentVectors } from "@bioflax/metrics";
import { askOfBatch, batchInputs } from "./batch-program";
import { delayedShape, type ProgramContext } from "./program-context";
import type { DeclareInput, ProgramOps } from "./program-ops";
import { replicaAxis } from "./replicas";

/** What a program that measures alignment gives: vectors, and where in them the values are. */
export interface AlignmentResults<T> {
  readonly outputs: readonly T[];
  readonly places: readonly AlignmentPlace[];
}

/**
 * Traces how the step of a batch is aligned with backpropagation, before it is taken. It is a program of its own, so
 * that measuring changes no bit of the step, and so that of a layer's two gradients, which read the same inputs, the
 * second is computed right after the first.
 *
 * @param noise declares what the step draws.
 */
export function alignmentProgram<T>(
  program: ProgramOps<T>,
  declare: DeclareInput<T>,
  context: ProgramContext,
  noise: () => readonly T[],
): AlignmentResults<T> {
  let places: readonly AlignmentPlace[] = [];
  const inputs = withFollowing(program, declare, context, batchInputs(declare, context));
  const errors = delayedShape(context);
  const delayed = errors && declare("delayed", [...replicaAxis(context), ...errors], "float32");
  const outputs = askOfBatch(
    program,
    context,
    inputs,
    (ops, trainable, parameters, batch, ownNoise) => {
      const { network } = trainable;
      const prepared = prepareStep(ops, network, parameters, ownNoise);
      const pass = lossAndGradients(ops, trainable, prepared, batch);
      const measured = alignmentVectors(ops, network, prepared, pass);
      places = measured.places;
      return measured.vectors;
    },
    noise(),
    delayed,
  );
  return { outputs, places };
}

/** A program's inputs with feedback weights that follow their kernels made of what is between them, B = W − c·D. */
function withFollowing<T>(
  { ops }: ProgramOps<T>,
  declare: DeclareInput<T>,
  { trainable: { network }, following }: ProgramContext,
  inputs: ReturnType<typeof batchInputs<T>>,
): ReturnType<typeof batchInputs<T>> {
  if (following === undefined) return inputs;
  const remaining = declare("remaining", [1], "float32");
  const parameters = [...inputs.parameters];
  for (const { feedback, kernel } of following.pairs) {
    const { layer, shape } = network.parameters[feedback] as ParameterInfo;
    const difference = declare(differenceName(layer), shape, "float32");
    parameters[feedback] = ops.sub(parameters[kernel] as T, ops.mul(difference, remaining));
  }
  return { ...inputs, parameters };
}
