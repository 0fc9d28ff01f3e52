import { BioflaxError } from "../errors";
import { flatten, groupByLayer } from "../network/network";
import { slotNames } from "../network/snapshot";
import {
  type Batch,
  type Trainable,
  type TrainingState,
  trainStep,
} from "../network/training-step";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import { noiseShape } from "../random/noise";
import { type Computation, inLockstep, type Lockstep } from "./lockstep";
import type { Replicated } from "./replicated-ops";

/** What one step of all replicas is given. */
export interface ReplicaStepInputs<T> {
  readonly batch: Batch<Replicated<T>>;
  /** Each replica's random numbers, in the order of {@link Network.noise}. */
  readonly noise: readonly Replicated<T>[];
  /** How many steps have been taken, this one counted: a scalar from 1. */
  readonly step: Replicated<T>;
  /** Each replica's step size; their own constant ones when left out. */
  readonly rate?: Replicated<T> | undefined;
}

/** What one step of all replicas leaves. */
export interface ReplicaStepResult<T> {
  readonly state: TrainingState<Replicated<T>>;
  /** Each replica's loss before the update, a scalar. */
  readonly loss: Replicated<T>;
  /** Each replica's examples' own errors, [batch, outputs]; undefined where no rule needs them. */
  readonly exampleErrors?: Replicated<T> | undefined;
}

/** What has to be the same of networks that are trained as replicas, as text. */
function structureOf({ network, optimizer }: Trainable): string {
  const weights = network.parameters.map((info) => [
    ...[info.name, info.shape, info.learns, info.changes, info.decays],
    slotNames(info, optimizer),
  ]);
  const noise = network.noise.map(({ name, shape, perExample }) => [name, shape, perExample]);
  return JSON.stringify([network.spec.inputShape, weights, noise]);
}

/**
 * One training step of several networks at once, that differ in nothing but numbers: `trainStep` of each, taken
 * {@link inLockstep}.
 */
export class ReplicaStep {
  readonly #trainables: readonly Trainable[];
  readonly #known = new Map<string, Lockstep>();

  /**
   * @param trainables one for each replica.
   * @throws BioflaxError for networks of other weights, slots or noise.
   */
  constructor(trainables: readonly Trainable[]) {
    this.#trainables = trainables;
    if (new Set(trainables.map(structureOf)).size > 1)
      throw new BioflaxError(
        "Replicas: expected networks of the same weights, which learn alike, with the same memory and noise, received several kinds.",
      );
  }

  /**
   * Checks that the replicas differ in nothing but numbers.
   *
   * @param batch the shapes of a batch.
   * @throws BioflaxError where they do not.
   */
  check({ input, target, weights, delayed }: Batch<Shape>): void {
    const [{ network, optimizer }] = this.#trainables as readonly [Trainable];
    const rows = input[0] as number;
    const hasRate = this.#trainables.some(({ learningRate }) => typeof learningRate !== "number");
    const shapes = [
      ...network.parameters.map(({ shape }) => shape),
      ...network.parameters.flatMap((info) => slotNames(info, optimizer).map(() => info.shape)),
      ...[input, target, []],
      ...network.noise.map((info) => noiseShape(info, rows)),
      ...(weights === undefined ? [] : [weights]),
      ...(delayed === undefined ? [] : [delayed]),
      ...(hasRate ? [[]] : []),
    ];
    this.#prepared(shapes, {
      isWeighted: weights !== undefined,
      isDelayed: delayed !== undefined,
      hasRate,
    });
  }

  /**
   * Takes the step.
   *
   * @param ops of as many replicas.
   * @param numbers makes a tensor of a number for each replica.
   * @throws BioflaxError where the replicas differ in more than numbers.
   */
  take<T>(
    ops: TensorOps<Replicated<T>>,
    numbers: (values: readonly number[]) => Replicated<T>,
    { parameters, slots }: TrainingState<Replicated<T>>,
    { batch, noise, step, rate }: ReplicaStepInputs<T>,
  ): ReplicaStepResult<T> {
    const { network } = this.#trainables[0] as Trainable;
    const { input, target, weights, delayed } = batch;
    const inputs = [
      ...flatten(network, parameters),
      ...slots.flat(),
      ...[input, target, step],
      ...noise,
      ...(weights === undefined ? [] : [weights]),
      ...(delayed === undefined ? [] : [delayed]),
      ...(rate === undefined ? [] : [rate]),
    ];
    const given = {
      isWeighted: weights !== undefined,
      isDelayed: delayed !== undefined,
      hasRate: rate !== undefined,
    };
    const lockstep = this.#prepared(inputs.map(ops.shape), given);
    const results = lockstep.run(ops, numbers, inputs);
    const after = results.splice(0, network.parameters.length);
    const memory = slots.map((own) => results.splice(0, own.length));
    const [loss, exampleErrors] = results as [Replicated<T>, Replicated<T>?];
    const state = { parameters: groupByLayer(network, after), slots: memory };
    return { state, loss, exampleErrors };
  }

  #prepared(shapes: readonly (readonly number[])[], given: Given) {
    const key = JSON.stringify([shapes, given]);
    let known = this.#known.get(key);
    if (known === undefined) {
      const computations = this.#trainables.map((trainable) => stepOf(trainable, given));
      known = inLockstep(computations, shapes);
      this.#known.set(key, known);
    }
    return known;
  }
}

/** What a step is given beside what every step is. */
interface Given {
  readonly isWeighted: boolean;
  readonly isDelayed: boolean;
  readonly hasRate: boolean;
}

/** A trainable's step from a list of tensors to one: weights, slots, the loss and the examples' errors where they count. */
function stepOf(trainable: Trainable, { isWeighted, isDelayed, hasRate }: Given): Computation {
  const { network, optimizer, learningRate } = trainable;
  return <T>(ops: TensorOps<T>, inputs: readonly T[]): T[] => {
    const left = [...inputs];
    const take = (count: number) => left.splice(0, count);
    const parameters = groupByLayer(network, take(network.parameters.length));
    const slots = network.parameters.map((info) => take(slotNames(info, optimizer).length));
    const [input, target, step] = take(3) as [T, T, T];
    const noise = take(network.noise.length);
    const weights = isWeighted ? (take(1)[0] as T) : undefined;
    const delayed = isDelayed ? (take(1)[0] as T) : undefined;
    const rate = hasRate ? (left[0] as T) : (learningRate as number);
    const batch = { input, target, weights, delayed };
    const { state, pass } = trainStep(
      ops,
      trainable,
      { parameters, slots },
      { batch, noise, step, rate },
    );
    const { loss, exampleErrors } = pass;
    const after = [...flatten(network, state.parameters), ...state.slots.flat(), loss];
    return exampleErrors === undefined ? after : [...after, exampleErrors];
  };
}
