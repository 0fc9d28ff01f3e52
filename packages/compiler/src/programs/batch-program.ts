import {
  type Batch,
  groupByLayer,
  type NetworkParameters,
  type TensorOps,
  type Trainable,
} from "@bioflax/core";
import { evaluate, predict } from "./evaluation";
import type { ProgramContext } from "./program-context";
import type { DeclareInput, ProgramOps } from "./program-ops";
import { gatherBatch, sourceInputs } from "./source";

/** What a program over one batch gives. */
export interface BatchResults<T> {
  readonly outputs: readonly T[];
  /** The names of the last outputs, which are scalars. */
  readonly observed: readonly string[];
}

type Answer = <T>(
  ops: TensorOps<T>,
  trainable: Trainable,
  parameters: NetworkParameters<T>,
  batch: Batch<T>,
) => BatchResults<T>;

/** What a network is asked of one batch. */
const answers = {
  /** The mean loss, and after it how much is right by each measure of accuracy. */
  evaluation(ops, trainable, parameters, batch) {
    const { loss, right } = evaluate(ops, trainable, parameters, batch);
    return { outputs: [loss, ...Object.values(right)], observed: Object.keys(right) };
  },
  /** The network's output, [batch, outputs]. */
  prediction: (ops, trainable, parameters, batch) => ({
    outputs: [predict(ops, trainable, parameters, batch)],
    observed: [],
  }),
} satisfies Record<string, Answer>;

/** The kinds of programs over one batch. */
export type BatchProgramKind = keyof typeof answers;

/** Declares a network's weights, a source and `rows`, int32 [batch], as inputs of a program, and gathers the batch. */
export function batchInputs<T>(
  program: ProgramOps<T>,
  declare: DeclareInput<T>,
  { trainable: { network }, source, count, batch }: ProgramContext,
): { parameters: NetworkParameters<T>; batch: Batch<T> } {
  const weights = network.parameters.map(({ name, shape }) => declare(name, shape, "float32"));
  const data = sourceInputs(declare, count, source);
  const rows = declare("rows", [batch], "int32");
  return {
    parameters: groupByLayer(network, weights),
    batch: gatherBatch(program, data, rows, source, network.spec.inputShape),
  };
}

/** Traces a program over one batch. Its inputs are those of {@link batchInputs}. */
export function batchProgram<T>(
  kind: BatchProgramKind,
  program: ProgramOps<T>,
  declare: DeclareInput<T>,
  context: ProgramContext,
): BatchResults<T> {
  const { parameters, batch } = batchInputs(program, declare, context);
  return answers[kind](program.ops, context.trainable, parameters, batch);
}
