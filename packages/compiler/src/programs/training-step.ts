import {
  type Batch,
  flatten,
  groupByLayer,
  type Operand,
  type ParameterInfo,
  type ReplicaStep,
  slotNames,
  type TensorOps,
  type Trainable,
  trainStep,
} from "@bioflax/core";
import type { FollowingFeedback } from "./following-feedback";
import type { ProgramContext } from "./program-context";
import type { ProgramOps } from "./program-ops";
import { replicasStep } from "./replicas";
import { gatherBatch, type SourceInputs, type SourceTypes } from "./source";

/** Whether a program carries a weight from step to step: it changes, and is not told by another and a difference. */
export function isCarried(
  { network }: Pick<Trainable, "network">,
  following: FollowingFeedback | undefined,
  parameter: number,
): boolean {
  const follows = following?.pairs.some(({ feedback }) => feedback === parameter) ?? false;
  return (network.parameters[parameter] as ParameterInfo).changes && !follows;
}

/** Names of what a training program carries from step to step: weights that change, each followed by its slots. */
export function carriedNames(
  trainable: Pick<Trainable, "network" | "optimizer">,
  following?: FollowingFeedback,
): string[] {
  const { network, optimizer } = trainable;
  return network.parameters.flatMap((info, i) =>
    isCarried(trainable, following, i) ? [info.name, ...slotNames(info, optimizer)] : [],
  );
}

/** What updates all weights at once. */
export type UpdateTogether<T> = (given: {
  /** Of every weight, in their order; undefined of those that have none. */
  readonly gradients: readonly (T | undefined)[];
  /** How many steps have been taken, this one counted. */
  readonly step: T;
  readonly rate: Operand<T>;
}) => readonly T[];

/** What one step has of its own. */
export interface StepInputs<T> {
  /** Row numbers of its batch, int32 [batch], of so many rows. */
  readonly rows: T;
  /** How many steps came before it. */
  readonly stepsTaken: T;
  /** The step size; of replicas undefined where all have constant ones. */
  readonly rate: Operand<T> | undefined;
  readonly noise: readonly T[];
  /** The delayed errors of its examples, [batch, outputs]; undefined where no rule needs them. */
  readonly delayed?: T | undefined;
  /**
   * What is carried after the step, from the gradients of all weights; where it is left out, the optimizer updates one
   * weight after another.
   */
  readonly update?: UpdateTogether<T> | undefined;
  /** How much is left of what following feedback weights were away from their kernels; 1 when left out. */
  readonly remaining?: Operand<T> | undefined;
}

/** What a step leaves: the carried values after it, its loss, and its examples' errors, where a rule needs them. */
export interface StepResult<T> {
  readonly next: readonly T[];
  readonly loss: T;
  readonly exampleErrors?: T | undefined;
}

/** What all steps of a program share: the network's definition and the values outside. */
export interface StepSetup<T> extends Pick<ProgramContext, "trainable" | "replicas" | "following"> {
  /** Of replicas, their step. */
  readonly replicaStep?: ReplicaStep | undefined;
  readonly source: SourceTypes;
  readonly data: SourceInputs<T>;
  /**
   * Every weight as it is before the first step; of those that change, the carried values are read instead; of feedback
   * weights that follow their kernels, what was between them.
   */
  readonly parameters: readonly T[];
}

/** What a step is given once its batch has been gathered. */
type GatheredInputs<T> = Omit<StepInputs<T>, "rows" | "rate" | "delayed"> & {
  readonly batch: Batch<T>;
  readonly rate: Operand<T>;
};

type Stateful<T> = Pick<StepSetup<T>, "trainable" | "parameters" | "following">;

/** What is carried after a step: of the weights that are, each followed by its slots. */
const carriedOf = <T>(
  { trainable, following }: Stateful<T>,
  parameters: readonly T[],
  slots: readonly (readonly T[])[],
): T[] =>
  trainable.network.parameters.flatMap((_, i) =>
    isCarried(trainable, following, i) ? [parameters[i] as T, ...(slots[i] as readonly T[])] : [],
  );

/**
 * Weights and slots before a step: what is carried, feedback weights that follow their kernels, B = W − c·D, and for the
 * rest what there was from the first.
 */
function stateOf<T>(
  ops: TensorOps<T>,
  { trainable, following, parameters }: Stateful<T>,
  carried: readonly T[],
  remaining: Operand<T>,
) {
  const left = [...carried];
  const weights = trainable.network.parameters.map((info, i) =>
    isCarried(trainable, following, i)
      ? left.splice(0, 1 + slotNames(info, trainable.optimizer).length)
      : [parameters[i] as T],
  );
  for (const { feedback, kernel } of following?.pairs ?? []) {
    const [w, ...slots] = weights[kernel] as [T, ...T[]];
    const difference = parameters[feedback] as T;
    const kept = remaining === 1 ? difference : ops.mul(difference, remaining);
    weights[feedback] = [ops.sub(w, kept), ...slots];
  }
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
  setup: Pick<StepSetup<T>, "trainable" | "parameters" | "following">,
  { batch, stepsTaken, rate, noise, update, remaining = 1 }: GatheredInputs<T>,
  carried: readonly T[],
): StepResult<T> {
  const { trainable } = setup;
  const { network } = trainable;
  const before = stateOf(ops, setup, carried, remaining);
  const step = ops.add(stepsTaken, 1);
  const { state, pass } = trainStep(
    ops,
    trainable,
    { ...before, parameters: groupByLayer(network, before.parameters) },
    { batch, noise, step, rate },
    update && { update: (_info, { parameter, slots }) => ({ parameter, slots }) },
  );
  return {
    next:
      update?.({ gradients: flatten(network, pass.gradients), step, rate }) ??
      carriedOf(setup, flatten(network, state.parameters), state.slots),
    loss: pass.loss,
    exampleErrors: pass.exampleErrors,
  };
}

/** {@link carriedStep} on a batch that is gathered from a source; of replicas, all of theirs at once. */
export function sourceStep<T>(
  program: ProgramOps<T>,
  setup: StepSetup<T>,
  { rows, rate, delayed, ...inputs }: StepInputs<T>,
  carried: readonly T[],
): StepResult<T> {
  const { trainable, replicas, replicaStep, source, data } = setup;
  if (replicas !== undefined) {
    const step = { step: replicaStep as ReplicaStep, trainables: replicas, source, data };
    const rates = typeof rate === "number" ? undefined : rate;
    const given = { ...inputs, rows, rates, delayed };
    const after = replicasStep(program, step, given, stateOf(program.ops, setup, carried, 1));
    return { ...after, next: carriedOf(setup, after.parameters, after.slots) };
  }
  const gathered = gatherBatch(program, data, rows, source, trainable.network.spec.inputShape);
  const batch = { ...gathered, delayed };
  return carriedStep(program.ops, setup, { ...inputs, batch, rate: rate as Operand<T> }, carried);
}
