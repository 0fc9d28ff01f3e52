import {
  BioflaxError,
  createTrainable,
  type DelayedErrors,
  delayedErrorSlots,
  delayedErrorsOf,
  type GivenTraining,
  type Network,
  ReplicaStep,
  type Shape,
  sizeOf,
  stepsUntilRepeated,
  type Trainable,
  type TrainingSnapshot,
  type Weights,
} from "@bioflax/core";
import type { AlignmentPlace, AlignmentValues, Evaluation } from "@bioflax/metrics";
import type { DeviceMemory } from "../runtime/device-memory";
import { floats, type HostArray } from "../runtime/host-array";
import { type AlignmentSteps, stepsToAlignment } from "./alignment-steps";
import type { BatchProgramKind } from "./batch-program";
import { type BatchOutputs, BatchRuns } from "./batch-runs";
import { checkAlignmentSteps, checkRows, checkRowsOfAll, checkSetup } from "./checks";
import { followingFrom } from "./feedback-differences";
import type { FollowingFeedback } from "./following-feedback";
import { NetworkState } from "./network-state";
import { nextTurn } from "./next-turn";
import { delayedShape } from "./program-context";
import type { Replicas } from "./replica-networks";
import { rowsOf, type Source, type SourceLayout } from "./source";
import { Sources } from "./sources";
import type { Stepping } from "./step-feeds";

/** What a network that trains is made from. */
export interface NetworkSetup extends GivenTraining {
  /** Starting weights, by name, as `initializeWeights` gives them. */
  readonly weights: Weights;
  /** The optimizer's memory, as a {@link TracedNetwork.snapshot} has it; zeros when left out. */
  readonly slots?: Weights | undefined;
  /** How many steps have been taken before; 0 when left out. */
  readonly stepsTaken?: number | undefined;
  /** How examples are laid out. */
  readonly layout: SourceLayout;
  /** Examples in a training step. */
  readonly batchSize: number;
  /** Seed of what rules draw anew at each step, a whole number; 0 when left out. */
  readonly seed?: number;
}

/** One of several networks that are trained as one, in what it may differ from the others. */
export interface ReplicaSetup extends GivenTraining {
  /** Starting weights, by name. */
  readonly weights: Weights;
  /** The optimizer's memory; zeros when left out. */
  readonly slots?: Weights | undefined;
  /** Seed of what rules draw anew at each step, a whole number; 0 when left out. */
  readonly seed?: number;
}

/** What networks that are trained as one are made from. */
export interface ReplicasSetup extends Pick<NetworkSetup, "stepsTaken" | "layout" | "batchSize"> {
  /** Each of them; they differ in nothing but numbers. */
  readonly replicas: readonly ReplicaSetup[];
}

/** How {@link TracedNetwork.train} is watched and stopped. */
export interface TrainOptions extends AlignmentSteps {
  /** Called after every call of the device with the number of examples trained on so far, and the losses of its steps. */
  readonly onProgress?: ((examples: number, losses: Float64Array) => void) | undefined;
  /** Stops between two calls. */
  readonly signal?: AbortSignal | undefined;
  /** How many steps will be asked for after these: what is made for many steps is then made at once; 0 when left out. */
  readonly stepsToCome?: number | undefined;
}

/** What training leaves behind. */
export interface TrainResult {
  /** The loss of each step, before its update. */
  readonly losses: Float64Array;
  /** The alignment at each step that was to be measured. */
  readonly alignment: AlignmentValues<number>[];
}

/** How several networks that train as one are watched and stopped: see {@link TrainOptions}. */
export interface TrainReplicasOptions
  extends AlignmentSteps,
    Pick<TrainOptions, "signal" | "stepsToCome"> {
  /**
   * Which example each network's rows are, the same number whenever it comes, for rules that remember examples; their
   * row numbers when left out.
   */
  readonly exampleNumbers?: readonly Int32Array[] | undefined;
  /** Called after every call of the device with the number of examples each was trained on, and each one's losses. */
  readonly onProgress?: ((examples: number, losses: readonly Float64Array[]) => void) | undefined;
}

/** The steps that come next, of batches of one size. */
export interface NextSteps {
  readonly source: Source;
  /** Examples in each batch. */
  readonly batch: number;
  /** How many batches of this size are left, and with those that will be asked for later. */
  readonly left: number;
  readonly toCome: number;
  /** Whether alignment is measured before each: then a call takes one. */
  readonly observe: boolean;
  /** The delayed errors of the examples, as the rows are, where a rule needs them. */
  readonly delayed?: Float32Array | undefined;
}

/** What a call of the device comes to. */
export interface CallResult extends TrainResult {
  /** The examples' own errors, as the rows are, where a rule needs them. */
  readonly exampleErrors?: Float32Array | undefined;
}

/** What a traced network consists of. */
export interface NetworkParts<DeviceBuffer> {
  /** The class, for errors. */
  readonly who: string;
  readonly layout: SourceLayout;
  readonly batchSize: number;
  readonly networks: Stepping;
  /** Feedback weights that its programs do not carry, as they follow their kernels. */
  readonly following?: FollowingFeedback | undefined;
  /** What each network remembers of its examples' errors; none where no rule needs them. */
  readonly delayed: readonly DelayedErrors[];
  readonly memory: DeviceMemory<DeviceBuffer>;
  readonly state: NetworkState<DeviceBuffer>;
  readonly sources: Sources<DeviceBuffer>;
}

/**
 * Checks a setup, and brings the starting values to the device.
 *
 * @param mayFollow whether its programs leave out feedback weights that follow their kernels.
 * @throws BioflaxError for a spec that is wrong, a rule its loss does not suit, weights or a layout that do not fit it.
 */
export async function networkParts<DeviceBuffer>(
  who: string,
  setup: NetworkSetup,
  memory: DeviceMemory<DeviceBuffer>,
  mayFollow = false,
): Promise<NetworkParts<DeviceBuffer>> {
  const trainable = createTrainable(setup);
  checkSetup(who, trainable, setup);
  const { layout, batchSize, seed = 0 } = setup;
  const batchRows = rowsOf(layout, trainable.network, batchSize);
  const following = mayFollow ? followingFrom(trainable, setup.slots) : undefined;
  const given = { ...setup, seed, batchRows, following };
  const state = await NetworkState.create(trainable, memory, given);
  return {
    ...{ who, layout, batchSize, memory, state, following },
    delayed: delayedOf([trainable], [setup], layout),
    networks: { trainables: [trainable], seeds: [seed], axis: [] },
    sources: new Sources({ trainable, following }, memory, { layout, batchSize }),
  };
}

/**
 * Checks that there are networks, and that their weights fit together.
 *
 * @returns one of them, and the step of all.
 * @throws BioflaxError where they do not.
 */
export function checkReplicas(who: string, trainables: readonly Trainable[]) {
  const [trainable] = trainables;
  if (trainable === undefined)
    throw new BioflaxError(`${who}: expected at least one replica, received none.`);
  return { trainable, step: new ReplicaStep(trainables) };
}

/**
 * Checks setups of networks that are to train as one, and brings their starting values to the device.
 *
 * @throws BioflaxError as {@link networkParts}, and where they differ in more than numbers.
 */
export async function replicaParts<DeviceBuffer>(
  who: string,
  { replicas, stepsTaken, layout, batchSize }: ReplicasSetup,
  memory: DeviceMemory<DeviceBuffer>,
): Promise<NetworkParts<DeviceBuffer>> {
  const trainables = replicas.map((given) => createTrainable(given));
  // Here, so that no array is made of weights that do not fit together.
  const { trainable } = checkReplicas(who, trainables);
  const setups = replicas.map((given, replica) => {
    const setup = { ...given, stepsTaken, layout, batchSize, seed: given.seed ?? 0 };
    checkSetup(who, trainables[replica] as Trainable, setup);
    return { ...setup, batchRows: rowsOf(layout, trainable.network, batchSize) };
  });
  const state = await NetworkState.ofReplicas(trainables, memory, setups);
  const seeds = setups.map(({ seed }) => seed);
  return {
    ...{ who, layout, batchSize, memory, state },
    delayed: delayedOf(trainables, setups, layout),
    networks: { trainables, seeds, axis: [trainables.length] },
    sources: new Sources({ trainable, replicas: trainables }, memory, { layout, batchSize }),
  };
}

/** What each of some networks remembers of its examples' errors, from what it goes on from. */
function delayedOf(
  trainables: readonly Trainable[],
  setups: readonly Pick<NetworkSetup, "slots">[],
  layout: SourceLayout,
): DelayedErrors[] {
  return trainables.flatMap((trainable, i) => {
    const rowsPerExample = rowsOf(layout, trainable.network, 1);
    return delayedErrorsOf(trainable, rowsPerExample, setups[i]?.slots) ?? [];
  });
}

/**
 * A network whose steps are traced into programs of a device: many steps in one call.
 *
 * The weights live where the device has them between calls. What is the device's own, a subclass has: how many steps a
 * call takes, and running one.
 *
 * @typeParam DeviceBuffer what the device has of an array.
 */
export abstract class TracedNetwork<DeviceBuffer> {
  readonly #who: string;
  readonly #batches: BatchRuns;
  readonly #delayed: readonly DelayedErrors[];
  #training = false;
  protected readonly trainable: Trainable;
  /** The network, or the replicas that train as one. */
  protected readonly networks: Stepping;
  protected readonly following: FollowingFeedback | undefined;
  protected readonly layout: SourceLayout;
  protected readonly batchSize: number;
  protected readonly memory: DeviceMemory<DeviceBuffer>;
  protected readonly state: NetworkState<DeviceBuffer>;
  protected readonly sources: Sources<DeviceBuffer>;

  protected constructor({ who, ...parts }: NetworkParts<DeviceBuffer>) {
    this.#who = who;
    this.#delayed = parts.delayed;
    this.networks = parts.networks;
    this.following = parts.following;
    this.trainable = parts.networks.trainables[0] as Trainable;
    this.layout = parts.layout;
    this.batchSize = parts.batchSize;
    this.memory = parts.memory;
    this.state = parts.state;
    this.sources = parts.sources;
    this.#batches = new BatchRuns(this.network, {
      who,
      replicas: this.networks.axis[0],
      rowsPerExample: rowsOf(this.layout, this.network, 1),
      runBatch: (kind, source, rows) => this.runBatch(kind, source, rows),
    });
  }

  /** How many networks there are. */
  protected get count(): number {
    return this.networks.trainables.length;
  }

  /** How many of the next steps one call takes, at least one. */
  protected abstract stepsOfCall(next: NextSteps): number;

  /**
   * Takes steps, one for each batch of the rows.
   *
   * @param rows step by step and, of replicas, one's batch after another's.
   * @returns what each step came to, in the same order.
   */
  protected abstract call(next: NextSteps, rows: Int32Array): Promise<CallResult>;

  /** The outputs of a program over one batch of rows, of replicas one's after another's. */
  protected abstract runBatch(
    kind: BatchProgramKind,
    source: Source,
    rows: Int32Array,
  ): Promise<BatchOutputs>;

  /** The network that is trained. */
  get network(): Network {
    return this.trainable.network;
  }

  /** The present weights, by name. */
  weights(): Promise<Weights> {
    return this.state.weights();
  }

  /** What training has come to: a network made with it in its setup goes on to the same bits. */
  snapshot(): Promise<TrainingSnapshot> {
    return this.#snapshotOf(0);
  }

  async #snapshotOf(replica: number): Promise<TrainingSnapshot> {
    // Before anything is waited for: a step taken meanwhile is not in it.
    const own = delayedErrorSlots(this.#delayed[replica]);
    const { slots, ...rest } = await this.state.snapshot(replica);
    return { ...rest, slots: { ...slots, ...own } };
  }

  /**
   * Takes one step for every batch of rows; the last batch may be smaller.
   *
   * @param rows row numbers of the source, in order.
   * @throws BioflaxError for rows the source does not have, a source that does not fit the layout, or while another
   *   call is training.
   */
  async train(source: Source, rows: Int32Array, options: TrainOptions = {}): Promise<TrainResult> {
    const { onProgress } = options;
    const [result] = await this.trainAll(source, [rows], {
      ...options,
      onProgress: (examples, [losses]) => onProgress?.(examples, losses as Float64Array),
    });
    return result as TrainResult;
  }

  /** {@link train} of each network on its own rows, as many of each. */
  protected async trainAll(
    source: Source,
    rows: readonly Int32Array[],
    options: TrainReplicasOptions,
  ): Promise<TrainResult[]> {
    checkRowsOfAll(this.#who, rows, this.count);
    for (const own of rows) checkRows(source, own);
    checkAlignmentSteps(this.#who, options);
    if (this.#training)
      throw new BioflaxError(`${this.#who}: it is training already; await that call first.`);
    this.#training = true;
    try {
      return await this.#trainOn(source, rows, options);
    } finally {
      this.#training = false;
    }
  }

  async #trainOn(
    source: Source,
    rows: readonly Int32Array[],
    {
      onProgress,
      signal,
      stepsToCome = 0,
      exampleNumbers: numbers = rows,
      ...measured
    }: TrainReplicasOptions,
  ): Promise<TrainResult[]> {
    const { length } = rows[0] as Int32Array;
    const untilRepeated = this.#untilRepeated(numbers);
    for (const [i, delayed] of this.#delayed.entries()) delayed.reserve(numbers[i] as Int32Array);
    const losses = rows.map(() => new Float64Array(Math.ceil(length / this.batchSize)));
    const alignment = rows.map((): AlignmentValues<number>[] => []);
    let position = 0;
    let steps = 0;
    while (position < length && signal?.aborted !== true) {
      const batch = Math.min(this.batchSize, length - position);
      const all = Math.floor((length - position) / batch);
      const until = stepsToAlignment(measured, { here: steps, inAll: this.state.stepsTaken });
      const observe = until === 0;
      const left = observe ? all : Math.min(all, until, untilRepeated(position, batch));
      const next = { source, batch, left, toCome: all + stepsToCome, observe };
      const taken = observe ? 1 : this.stepsOfCall(next);
      const cut = (all: readonly Int32Array[]) => stepByStep(all, position, taken, batch);
      const given = cut(rows);
      const examples = this.#delayed.length === 0 || numbers === rows ? given : cut(numbers);
      const delayed = this.takeErrors(source, given, examples, batch);
      const result = await this.call({ ...next, delayed }, given);
      this.#putErrors(examples, batch, result.exampleErrors);
      const own = rows.map((_, replica) =>
        rows.length === 1
          ? result.losses
          : Float64Array.from(everyNth([...result.losses], replica, rows.length)),
      );
      own.forEach((values, replica) => {
        losses[replica]?.set(values, steps);
        alignment[replica]?.push(...everyNth(result.alignment, replica, rows.length));
      });
      position += taken * batch;
      steps += taken;
      onProgress?.(position, own);
      // Where calls run in this thread, what came meanwhile, such as the signal, is heard only now.
      await nextTurn();
    }
    return losses.map((values, replica) => ({
      losses: values.subarray(0, steps),
      alignment: alignment[replica] as AlignmentValues<number>[],
    }));
  }

  /**
   * How many steps from a place can be taken in one call: up to one that is of an example that has been in it, where a
   * rule remembers examples.
   */
  #untilRepeated(numbers: readonly Int32Array[]): (position: number, batch: number) => number {
    const repeating =
      this.#delayed.length === 0 ? [] : numbers.filter((own) => new Set(own).size < own.length);
    return (position, batch) =>
      Math.min(...repeating.map((own) => stepsUntilRepeated(own.subarray(position), batch)));
  }

  /** The networks' delayed errors of a call's rows, or of one batch; undefined where no rule needs them. */
  protected takeErrors(
    source: Source,
    rows: Int32Array,
    numbers = rows,
    batch = rows.length / this.count,
  ): Float32Array | undefined {
    if (this.#delayed.length === 0) return undefined;
    const { targetForm } = this.sources.context(source, batch).source;
    const size = this.network.outputs * rowsOf(this.layout, this.network, 1);
    const taken = new Float32Array(rows.length * size);
    this.#eachBatch(numbers, batch, (delayed, own, from) => {
      const ownRows = rows.subarray(from, from + batch);
      taken.set(delayed.take(source, targetForm, ownRows, own), from * size);
    });
    return taken;
  }

  /** The shape of the delayed errors of one network's batch; undefined where no rule needs them. */
  protected errorsShape(batch: number): Shape | undefined {
    return delayedShape({ trainable: this.trainable, source: this.layout, batch });
  }

  /**
   * Delayed errors as an input of a program, where there are any; what it has room for beyond them is 0.
   *
   * @param axes before those of one network's batch.
   */
  protected delayedFeed(
    delayed: Float32Array | undefined,
    batch: number,
    axes: Shape,
  ): Record<string, HostArray> {
    if (delayed === undefined) return {};
    const shape = [...axes, ...(this.errorsShape(batch) as Shape)];
    const size = sizeOf(shape);
    if (size === delayed.length) return { delayed: floats(delayed, shape) };
    const all = new Float32Array(size);
    all.set(delayed);
    return { delayed: floats(all, shape) };
  }

  /** Remembers the errors that a call's examples have had. */
  #putErrors(numbers: Int32Array, batch: number, errors: Float32Array | undefined): void {
    if (errors === undefined) return;
    const size = errors.length / numbers.length;
    this.#eachBatch(numbers, batch, (delayed, own, from) => {
      delayed.put(own, errors.subarray(from * size, (from + batch) * size));
    });
  }

  /** Goes through a call's batches, each with the memory of the network whose it is. */
  #eachBatch(
    numbers: Int32Array,
    batch: number,
    work: (delayed: DelayedErrors, own: Int32Array, from: number) => void,
  ): void {
    for (let from = 0; from < numbers.length; from += batch)
      work(
        this.#delayed[(from / batch) % this.count] as DelayedErrors,
        numbers.subarray(from, from + batch),
        from,
      );
  }

  /**
   * The mean loss over examples, whatever they are weighted by, and how much of them is right: of a loss of classes the
   * share classified right; of one that tells each output's label by itself, the share of labels that are right and, of
   * several, the share of examples all of whose labels are.
   *
   * @param rows which rows of the source, at least one.
   * @throws BioflaxError for no rows, or rows the source does not have.
   */
  async evaluate(source: Source, rows: Int32Array): Promise<Evaluation> {
    const [result] = await this.evaluateAll(source, [rows]);
    return result as Evaluation;
  }

  /** {@link evaluate} of each network on its own rows, as many of each. */
  protected evaluateAll(source: Source, rows: readonly Int32Array[]): Promise<Evaluation[]> {
    return this.#batches.evaluate(source, rows);
  }

  /** The network's output for the given rows of a source, row-major. */
  async predict(source: Source, rows: Int32Array): Promise<Float32Array> {
    const [output] = await this.predictAll(source, [rows]);
    return output as Float32Array;
  }

  /** {@link predict} of each network for its own rows, as many of each. */
  protected predictAll(source: Source, rows: readonly Int32Array[]): Promise<Float32Array[]> {
    return this.#batches.answer("prediction", source, rows);
  }

  /**
   * The gradient of each example's own loss at what the network sees of it, once it is normalised: see core's
   * `inputGradient`. It is that of the forward network, whatever its rules, as in evaluation.
   *
   * @param rows which rows of the source.
   * @returns as many numbers as the rows' inputs have, row-major.
   */
  async inputGradients(source: Source, rows: Int32Array): Promise<Float32Array> {
    const [gradients] = await this.#batches.answer("inputGradient", source, [rows]);
    return gradients as Float32Array;
  }

  /** Each network's alignment at one step. @param vectors of replicas, one's after another's. */
  protected alignmentOf(
    places: readonly AlignmentPlace[],
    vectors: readonly Float32Array[],
  ): AlignmentValues<number>[] {
    return this.networks.trainables.map((_, replica) =>
      Object.fromEntries(
        places.map(({ name, vector, index }) => {
          const values = vectors[vector] as Float32Array;
          return [name, values[replica * (values.length / this.count) + index] as number];
        }),
      ),
    );
  }

  /** All of what it can do, for several networks. */
  protected asReplicas(): Replicas {
    return {
      network: this.network,
      train: (source, rows, options = {}) => this.trainAll(source, rows, options),
      evaluate: (source, rows) => this.evaluateAll(source, rows),
      predict: (source, rows) => this.predictAll(source, rows),
      predictOne: async (replica, source, rows) => {
        const outputs = await this.predictAll(source, Array(this.count).fill(rows));
        return outputs[replica] as Float32Array;
      },
      weights: (replica) => this.state.weights(replica),
      snapshot: (replica) => this.#snapshotOf(replica),
      dispose: () => this.dispose(),
    };
  }

  /** Frees the programs and what lies on the device. */
  async dispose(): Promise<void> {
    this.state.dispose();
    await this.sources.dispose();
    await this.memory.release();
  }
}

/** The rows of some steps, step by step and in each one network's batch after another's. */
function stepByStep(
  rows: readonly Int32Array[],
  position: number,
  steps: number,
  batch: number,
): Int32Array {
  if (rows.length === 1)
    return (rows[0] as Int32Array).subarray(position, position + steps * batch);
  const all = new Int32Array(steps * rows.length * batch);
  for (let step = 0; step < steps; step++)
    rows.forEach((own, replica) => {
      const from = position + step * batch;
      all.set(own.subarray(from, from + batch), (step * rows.length + replica) * batch);
    });
  return all;
}

/** Every nth value, from the first on. */
const everyNth = <Value>(values: readonly Value[], first: number, n: number): Value[] =>
  values.filter((_, i) => i % n === first);
