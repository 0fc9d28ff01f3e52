import {
  flatten,
  groupByLayer,
  inLockstep,
  type NetworkParameters,
  perReplica,
  ReplicaStep,
  type Replicated,
  replicatedOps,
  type Shape,
  shared,
  type TensorOps,
  type Trainable,
  withReplicaAxis,
} from "@bioflax/core";
import type { ProgramContext } from "./program-context";
import type { ProgramOps } from "./program-ops";
import { gatherBatch, type SourceInputs, type SourceTypes } from "./source";

/** The axis that all arrays of replicas begin with; none of a single network's. */
export const replicaAxis = ({ replicas }: Pick<ProgramContext, "replicas">): Shape =>
  replicas === undefined ? [] : [replicas.length];

/** Whether programs are told step sizes, which are not the same at all steps. */
export const hasRates = ({ trainable, replicas = [trainable] }: ProgramContext): boolean =>
  replicas.some(({ learningRate }) => typeof learningRate !== "number");

/** The step of a context's replicas; undefined of a single network. */
export const replicaStepOf = ({
  replicas,
}: Pick<ProgramContext, "replicas">): ReplicaStep | undefined =>
  replicas && new ReplicaStep(replicas);

/** What programs need of replicas, from what they need of whole tensors. */
function replicatedProgram<T>(
  { ops, gather, cast, vector }: ProgramOps<T>,
  replicas: number,
): ProgramOps<Replicated<T>> {
  return {
    ops: replicatedOps(ops, replicas),
    gather(data, indices) {
      if (!data.isShared) throw new Error("Replicas gather from what they share.");
      if (indices.isShared) return shared(gather(data.tensor, indices.tensor));
      return perReplica(gather(data.tensor, indices.tensor));
    },
    cast: (x, type) => ({ ...x, tensor: cast(x.tensor, type) }),
    vector: (values) => shared(vector(values)),
  };
}

/** The batches of all replicas from a source that they share. @param rows int32 [replicas, batch]. */
export function gatherBatches<T>(
  program: ProgramOps<T>,
  replicas: number,
  { inputs, targets, weights }: SourceInputs<T>,
  rows: T,
  source: SourceTypes,
  networkInput: Shape,
) {
  const data = {
    inputs: shared(inputs),
    targets: shared(targets),
    weights: weights === undefined ? undefined : shared(weights),
  };
  const replicated = replicatedProgram(program, replicas);
  return gatherBatch(replicated, data, perReplica(rows), source, networkInput);
}

/** A number for each replica as a tensor. */
const numbersOf =
  <T>({ vector }: ProgramOps<T>) =>
  (values: readonly number[]): Replicated<T> =>
    perReplica(vector(values));

/** What one step of all replicas is given: as of a single network, each but `stepsTaken` with the replicas' axis. */
interface ReplicaInputs<T> {
  readonly rows: T;
  readonly stepsTaken: T;
  /** The step sizes; their own constant ones when left out. */
  readonly rates: T | undefined;
  readonly noise: readonly T[];
  readonly delayed: T | undefined;
}

/** A step of all replicas, from carried values to carried values, each with the replicas' axis. */
export function replicasStep<T>(
  program: ProgramOps<T>,
  setup: {
    readonly step: ReplicaStep;
    readonly trainables: readonly Trainable[];
    readonly source: SourceTypes;
    readonly data: SourceInputs<T>;
  },
  { rows, stepsTaken, rates, noise, delayed }: ReplicaInputs<T>,
  state: { readonly parameters: readonly T[]; readonly slots: readonly (readonly T[])[] },
) {
  const { step, trainables, source, data } = setup;
  const [{ network }] = trainables as readonly [Trainable];
  const replicas = trainables.length;
  const ops = replicatedOps(program.ops, replicas);
  const taken = step.take(
    ops,
    numbersOf(program),
    {
      parameters: groupByLayer(network, state.parameters.map(perReplica)),
      slots: state.slots.map((slots) => slots.map(perReplica)),
    },
    {
      batch: {
        ...gatherBatches(program, replicas, data, rows, source, network.spec.inputShape),
        delayed: delayed && perReplica(delayed),
      },
      noise: noise.map(perReplica),
      step: ops.add(shared(stepsTaken), 1),
      rate: rates === undefined ? undefined : perReplica(rates),
    },
  );
  const whole = (x: Replicated<T>) => withReplicaAxis(program.ops, x, replicas);
  return {
    parameters: flatten(network, taken.state.parameters).map(whole),
    slots: taken.state.slots.map((slots) => slots.map(whole)),
    loss: whole(taken.loss),
    exampleErrors: taken.exampleErrors && whole(taken.exampleErrors),
  };
}

/** What each replica is asked of its batch: tensors from weights and other tensors. */
export type Question = <T>(
  ops: TensorOps<T>,
  trainable: Trainable,
  parameters: NetworkParameters<T>,
  others: readonly T[],
) => readonly T[];

/** The answers of all replicas to one question, each with their axis. @param others what else it is asked of. */
export function askReplicas<T>(
  program: ProgramOps<T>,
  trainables: readonly Trainable[],
  question: Question,
  parameters: readonly T[],
  others: readonly Replicated<T>[],
): T[] {
  const replicas = trainables.length;
  const ops = replicatedOps(program.ops, replicas);
  const inputs = [...parameters.map(perReplica), ...others];
  const computations = trainables.map(
    (trainable) =>
      <V>(own: TensorOps<V>, given: readonly V[]) =>
        question(
          own,
          trainable,
          groupByLayer(trainable.network, given.slice(0, parameters.length)),
          given.slice(parameters.length),
        ),
  );
  const { run } = inLockstep(computations, inputs.map(ops.shape));
  return run(ops, numbersOf(program), inputs).map((x) => withReplicaAxis(program.ops, x, replicas));
}
