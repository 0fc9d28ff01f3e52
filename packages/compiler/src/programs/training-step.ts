import {
  type Batch,
  groupByLayer,
  type Operand,
  slotNames,
  type TensorOps,
  type Trainable,
  trainStep,
} from "@bioflax/core";
import { alignment } from "@bioflax/metrics";
import type { ProgramOps } from "./program-ops";
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
  readonly rate: Operand<T>;
  readonly noise: readonly T[];
}

/** What a step leaves: the carried values after it, its loss, and what was observed, by name. */
export interface StepResult<T> {
  readonly next: readonly T[];
  readonly loss: T;
  readonly observed: Readonly<Record<string, T>>;
}

/** What all steps of a program share: the network's definition and the values outside. */
export interface StepSetup<T> {
  readonly trainable: Trainable;
  readonly source: SourceTypes;
  readonly data: SourceInputs<T>;
  /** Every weight as it is before the first step; of those that change, the carried values are read instead. */
  readonly parameters: readonly T[];
  /** Whether the step also measures its alignment with backpropagation. */
  readonly observe: boolean;
}

/**
 * Core's training step, from carried values to carried values.
 *
 * @param parameters every weight; of those that change, the carried values are read instead.
 * @param carried values of {@link carriedNames} before the step.
 */
export function carriedStep<T>(
  ops: TensorOps<T>,
  { trainable, parameters, observe }: Pick<StepSetup<T>, "trainable" | "parameters" | "observe">,
  { batch, stepsTaken, rate, noise }: Omit<StepInputs<T>, "rows"> & { readonly batch: Batch<T> },
  carried: readonly T[],
): StepResult<T> {
  const { network, optimizer } = trainable;
  const left = [...carried];
  const weights = network.parameters.map((info, i) =>
    info.changes ? left.splice(0, 1 + slotNames(info, optimizer).length) : [parameters[i] as T],
  );
  const before = {
    parameters: groupByLayer(
      network,
      weights.map(([weight]) => weight as T),
    ),
    slots: weights.map(([, ...slots]) => slots),
  };
  const step = trainStep(ops, trainable, before, {
    batch,
    noise,
    step: ops.add(stepsTaken, 1),
    rate,
  });
  const { state } = step;
  return {
    next: network.parameters.flatMap(({ changes, layer, role }, i) =>
      changes ? [state.parameters[layer]?.[role] as T, ...(state.slots[i] as T[])] : [],
    ),
    loss: step.pass.loss,
    observed: observe ? alignment(ops, network, step.parameters, step.pass) : {},
  };
}

/** {@link carriedStep} on a batch that is gathered from a source. */
export function sourceStep<T>(
  program: ProgramOps<T>,
  setup: StepSetup<T>,
  { rows, ...inputs }: StepInputs<T>,
  carried: readonly T[],
): StepResult<T> {
  const { inputShape } = setup.trainable.network.spec;
  const batch = gatherBatch(program, setup.data, rows, setup.source, inputShape);
  return carriedStep(program.ops, setup, { ...inputs, batch }, carried);
}
