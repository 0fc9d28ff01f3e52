import {
  type Batch,
  groupByLayer,
  inputGradient,
  type NetworkParameters,
  perReplica,
  type TensorOps,
  type Trainable,
} from "@bioflax/core";
import { evaluate, predict } from "./evaluation";
import type { ProgramContext } from "./program-context";
import type { DeclareInput, ProgramOps } from "./program-ops";
import { askReplicas, gatherBatches, replicaAxis } from "./replicas";
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
  /** The mean loss, and after it how much is right by each measure of accuracy, or how wrong it is. */
  evaluation(ops, trainable, parameters, batch) {
    const { loss, sums } = evaluate(ops, trainable, parameters, batch);
    return { outputs: [loss, ...Object.values(sums)], observed: Object.keys(sums) };
  },
  /** The network's output, [batch, outputs]. */
  prediction: (ops, trainable, parameters, batch) => ({
    outputs: [predict(ops, trainable, parameters, batch)],
    observed: [],
  }),
  /** The gradient of each example's own loss at the network's input, [batch, ...input]. */
  inputGradient: (ops, trainable, parameters, batch) => ({
    outputs: [inputGradient(ops, trainable, parameters, batch)],
    observed: [],
  }),
} satisfies Record<string, Answer>;

/** The kinds of programs over one batch. */
export type BatchProgramKind = keyof typeof answers;

/**
 * Declares a network's weights, a source and `rows`, int32 [batch], as inputs of a program; of replicas, all but the
 * source with their axis.
 */
export function batchInputs<T>(declare: DeclareInput<T>, context: ProgramContext) {
  const { trainable, source, count, batch } = context;
  const axis = replicaAxis(context);
  const parameters = trainable.network.parameters.map(({ name, shape }) =>
    declare(name, [...axis, ...shape], "float32"),
  );
  const data = sourceInputs(declare, count, source);
  return { parameters, data, rows: declare("rows", [...axis, batch], "int32") };
}

/**
 * Asks a network, or each replica, something of the batch that the inputs of a program name.
 *
 * @param delayed the delayed errors of its examples, where they are asked after.
 */
export function askOfBatch<T>(
  program: ProgramOps<T>,
  { trainable, replicas, source }: ProgramContext,
  { parameters, data, rows }: ReturnType<typeof batchInputs<T>>,
  question: <V>(
    ops: TensorOps<V>,
    trainable: Trainable,
    parameters: NetworkParameters<V>,
    batch: Batch<V>,
    others: readonly V[],
  ) => readonly V[],
  others: readonly T[] = [],
  delayed?: T,
): readonly T[] {
  const { network } = trainable;
  const { inputShape } = network.spec;
  if (replicas === undefined) {
    const batch = { ...gatherBatch(program, data, rows, source, inputShape), delayed };
    const own = groupByLayer(network, parameters);
    return question(program.ops, trainable, own, batch, others);
  }
  const { input, target, weights } = gatherBatches(
    ...([program, replicas.length, data, rows, source, inputShape] as const),
  );
  const given = [
    ...[input, target],
    ...(weights === undefined ? [] : [weights]),
    ...(delayed === undefined ? [] : [perReplica(delayed)]),
  ];
  return askReplicas(
    program,
    replicas,
    (ops, own, ownParameters, [ownInput, ownTarget, ...rest]) => {
      const batch = { input: ownInput, target: ownTarget } as Batch<never>;
      const told = {
        weights: weights === undefined ? undefined : rest.shift(),
        delayed: delayed === undefined ? undefined : rest.shift(),
      };
      return question(ops, own, ownParameters, { ...batch, ...told } as never, rest);
    },
    parameters,
    [...given, ...others.map(perReplica)],
  );
}

/** Traces a program over one batch. Its inputs are those of {@link batchInputs}. */
export function batchProgram<T>(
  kind: BatchProgramKind,
  program: ProgramOps<T>,
  declare: DeclareInput<T>,
  context: ProgramContext,
): BatchResults<T> {
  let observed: readonly string[] = [];
  const inputs = batchInputs(declare, context);
  const outputs = askOfBatch(program, context, inputs, (ops, trainable, parameters, batch) => {
    const answer = answers[kind](ops, trainable, parameters, batch);
    observed = answer.observed;
    return answer.outputs;
  });
  return { outputs, observed };
}
