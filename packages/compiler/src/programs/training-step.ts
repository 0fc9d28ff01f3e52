import {
  flatten,
  groupByLayer,
  type Operand,
  type ReplicaStep,
  slotNames,
  type Trainable,
  trainStep,
} from "@bioflax/core";
import { alignment } from "@bioflax/metrics";
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

/** What a step leaves: the carried values after it, its loss, and what was observed, by name. */
export interface StepResult<T> {
  readonly next: readonly T[];
  readonly loss: T;
  readonly observed: Readonly<Record<string, T>>;
}

/** What all steps of a program share: the network's definition and the values outside. */
export interface StepSetup<T> extends Pick<ProgramContext, "trainable" | "replicas"> {
  /** Of replicas, their step. */
  readonly replicaStep?: ReplicaStep | undefined;
  readonly source: SourceTypes;
  readonly data: SourceInputs<T>;
  /** Every weight as it is before the first step; of those that change, the carried values are read instead. */
  readonly parameters: readonly T[];
  /** Whether the step also measures its alignment with backpropagation. */
  readonly observe: boolean;
}

/**
 * Core's training step on a batch that is gathered from a source, from carried values to carried values; of replicas,
 * all of theirs at once.
 *
 * @param carried values of {@link carriedNames} before the step.
 */
export function sourceStep<T>(
  program: ProgramOps<T>,
  setup: StepSetup<T>,
  inputs: StepInputs<T>,
  carried: readonly T[],
): StepResult<T> {
  const { trainable, replicas, replicaStep, source, data } = setup;
  const { network } = trainable;
  const before = stateOf(setup, carried);
  const { rows, stepsTaken, rate, noise } = inputs;
  const next = (parameters: readonly T[], slots: readonly (readonly T[])[]) =>
    network.parameters.flatMap(({ changes }, i) =>
      changes ? [parameters[i] as T, ...(slots[i] as readonly T[])] : [],
    );
  if (replicas !== undefined) {
    const step = { step: replicaStep as ReplicaStep, trainables: replicas, source, data };
    const rates = typeof rate === "number" ? undefined : rate;
    const after = replicasStep(program, step, { rows, stepsTaken, rates, noise }, before);
    return { ...after, next: next(after.parameters, after.slots) };
  }
  const { ops } = program;
  const { state, parameters, pass } = trainStep(
    ops,
    trainable,
    { ...before, parameters: groupByLayer(network, before.parameters) },
    {
      batch: gatherBatch(program, data, rows, source, network.spec.inputShape),
      noise,
      step: ops.add(stepsTaken, 1),
      rate: rate as Operand<T>,
    },
  );
  return {
    next: next(flatten(network, state.parameters), state.slots),
    loss: pass.loss,
    observed: setup.observe ? alignment(ops, network, parameters, pass) : {},
  };
}

/** Weights and slots before a step: what is carried, and for the rest what there was from the first. */
function stateOf<T>(
  { trainable: { network, optimizer }, parameters }: StepSetup<T>,
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
