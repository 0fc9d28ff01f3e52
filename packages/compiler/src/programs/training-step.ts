import {
  type Batch,
  flatten,
  groupByLayer,
  type Operand,
  type ReplicaStep,
  slotNames,
  type TensorOps,
  type Trainable,
  trainStep,
} from "@bioflax/core";
import type { ProgramContext } from "./program-context";
import type { ProgramOps } from "./program-ops";
import { replicasStep } from "./replicas";
import { gatherBatch, type SourceInputs, type SourceTypes } from "./source";

/** Names of what a training program carries from step to step: weights that change, each followed by its slots. */
export function carriedNames({
  network,
  optimizer,
}: Pick<Trainable, "network" | "optimizer">): string[] {
  return network.parameters.flatMap((info) =>
    info.changes ? [info.name, ...slotNames(info, optimizer)] : [],
  );
}

/** What one step has of its own. */
export interface StepInputs<T> {
  /** Row numbers of its batch, int32 [batch], of so many rows. */
  readonly rows: T;
  /** How many steps came before it. */
  readonly stepsTaken: T;
  /** The step size; of replicas undefined where all have constant ones. */
  readonly rate: Operand<T> | undefined;
  readonly noise: readonly T[];
}

/** What a step leaves: the carried values after it, and its loss. */
export interface StepResult<T> {
  readonly next: readonly T[];
  readonly loss: T;
}

/** What all steps of a program share: the network's definition and the values outside. */
export interface StepSetup<T> extends Pick<ProgramContext, "trainable" | "replicas"> {
  /** Of replicas, their step. */
  readonly replicaStep?: ReplicaStep | undefined;
  readonly source: SourceTypes;
  readonly data: SourceInputs<T>;
  /** Every weight as it is before the first step; of those that change, the carried values are read instead. */
  readonly parameters: readonly T[];
}

/** What a step is given once its batch has been gathered. */
type GatheredInputs<T> = Omit<StepInputs<T>, "rows" | "rate"> & {
  readonly batch: Batch<T>;
  readonly rate: Operand<T>;
};

/** What is carried after a step: of the weights that change, each followed by its slots. */
const carriedOf = <T>(
  { network }: Pick<Trainable, "network">,
  parameters: readonly T[],
  slots: readonly (readonly T[])[],
): T[] =>
  network.parameters.flatMap(({ changes }, i) =>
    changes ? [parameters[i] as T, ...(slots[i] as readonly T[])] : [],
  );

/** Weights and slots before a step: what is carried, and for the rest what there was from the first. */
function stateOf<T>(
  { trainable: { network, optimizer }, parameters }: Pick<StepSetup<T>, "trainable" | "parameters">,
  carried: readonly T[],
) {
  const left = [...carried];
  const weights = network.parameters.map((info, i) =>
    info.changes ? left.splice(0, 1 + slotNames(info, optimizer).length) : [parameters[i] as T],
  );
  return {
    parameters: weights.map(([weight]) => weight as T),
    slots: weights.map(([, ...slots]) => slots),
  };
}

/**
 * Core's training step, from carried values to carried values.
 *
 * @param parameters every weight; of those that change, the carried values are read instead.
 * @param carried values of {@link carriedNames} before the step.
 */
export function carriedStep<T>(
  ops: TensorOps<T>,
  setup: Pick<StepSetup<T>, "trainable" | "parameters">,
  { batch, stepsTaken, rate, noise }: GatheredInputs<T>,
  carried: readonly T[],
): StepResult<T> {
  const { trainable } = setup;
  const { network } = trainable;
  const before = stateOf(setup, carried);
  const { state, pass } = trainStep(
    ops,
    trainable,
    { ...before, parameters: groupByLayer(network, before.parameters) },
    { batch, noise, step: ops.add(stepsTaken, 1), rate },
  );
  return {
    next: carriedOf(trainable, flatten(network, state.parameters), state.slots),
    loss: pass.loss,
  };
}

/** {@link carriedStep} on a batch that is gathered from a source; of replicas, all of theirs at once. */
export function sourceStep<T>(
  program: ProgramOps<T>,
  setup: StepSetup<T>,
  { rows, rate, ...inputs }: StepInputs<T>,
  carried: readonly T[],
): StepResult<T> {
  const { trainable, replicas, replicaStep, source, data } = setup;
  if (replicas !== undefined) {
    const step = { step: replicaStep as ReplicaStep, trainables: replicas, source, data };
    const rates = typeof rate === "number" ? undefined : rate;
    const given = { ...inputs, rows, rates };
    const after = replicasStep(program, step, given, stateOf(setup, carried));
    return { ...after, next: carriedOf(trainable, after.parameters, after.slots) };
  }
  const batch = gatherBatch(program, data, rows, source, trainable.network.spec.inputShape);
  return carriedStep(program.ops, setup, { ...inputs, batch, rate: rate as Operand<T> }, carried);
}
