import { setImmediate } from "node:timers/promises";
import {
  BioflaxError,
  createTrainable,
  type GivenTraining,
  type Network,
  type Trainable,
  type TrainingSnapshot,
  type Weights,
} from "@bioflax/core";
import type { AlignmentValues, Evaluation } from "@bioflax/metrics";
import type { DeviceMemory } from "../runtime/device-memory";
import type { BatchProgramKind } from "./batch-program";
import { type BatchOutputs, BatchRuns } from "./batch-runs";
import { checkRows, checkSetup } from "./checks";
import { NetworkState } from "./network-state";
import { rowsOf, type Source, type SourceLayout } from "./source";
import { Sources } from "./sources";

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

/** How {@link TracedNetwork.train} is watched and stopped. */
export interface TrainOptions {
  /** On how many of the first steps to measure alignment; 0 when left out. */
  readonly alignmentBatches?: number;
  /** Called after every call of the device with the number of examples trained on so far, and the losses of its steps. */
  readonly onProgress?: ((examples: number, losses: Float64Array) => void) | undefined;
  /** Stops between two calls. */
  readonly signal?: AbortSignal | undefined;
}

/** What training leaves behind. */
export interface TrainResult {
  /** The loss of each step, before its update. */
  readonly losses: Float64Array;
  /** The alignment at each of the first steps. */
  readonly alignment: AlignmentValues<number>[];
}

/** The steps that come next, of batches of one size. */
export interface NextSteps {
  readonly source: Source;
  /** Examples in each batch. */
  readonly batch: number;
  /** Whether alignment is measured on each. */
  readonly observe: boolean;
}

/** What a traced network consists of. */
export interface NetworkParts<DeviceBuffer> {
  /** The class, for errors. */
  readonly who: string;
  readonly setup: NetworkSetup;
  readonly trainable: Trainable;
  readonly memory: DeviceMemory<DeviceBuffer>;
  readonly state: NetworkState<DeviceBuffer>;
  readonly sources: Sources<DeviceBuffer>;
}

/**
 * Checks a setup, and brings the starting values to the device.
 *
 * @throws BioflaxError for a spec that is wrong, a rule its loss does not suit, weights or a layout that do not fit it.
 */
export async function networkParts<DeviceBuffer>(
  who: string,
  setup: NetworkSetup,
  memory: DeviceMemory<DeviceBuffer>,
): Promise<NetworkParts<DeviceBuffer>> {
  const trainable = createTrainable(setup);
  checkSetup(who, trainable, setup);
  const { layout, batchSize, seed = 0 } = setup;
  const batchRows = rowsOf(layout, trainable.network, batchSize);
  const state = await NetworkState.create(trainable, memory, { ...setup, seed, batchRows });
  return { who, setup, trainable, memory, state, sources: new Sources(trainable, memory, setup) };
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
  #training = false;
  protected readonly trainable: Trainable;
  protected readonly batchSize: number;
  protected readonly seed: number;
  protected readonly memory: DeviceMemory<DeviceBuffer>;
  protected readonly state: NetworkState<DeviceBuffer>;
  protected readonly sources: Sources<DeviceBuffer>;

  protected constructor({ who, setup, ...parts }: NetworkParts<DeviceBuffer>) {
    this.#who = who;
    this.trainable = parts.trainable;
    this.batchSize = setup.batchSize;
    this.seed = setup.seed ?? 0;
    this.memory = parts.memory;
    this.state = parts.state;
    this.sources = parts.sources;
    this.#batches = new BatchRuns(this.network, {
      who,
      rowsPerExample: rowsOf(setup.layout, this.network, 1),
      runBatch: (kind, source, rows) => this.runBatch(kind, source, rows),
    });
  }

  /** How many of the next steps one call takes, at least one. @param most how many there are. */
  protected abstract stepsOfCall(next: NextSteps, most: number): number;

  /** Takes steps, one for each batch of the rows. */
  protected abstract call(next: NextSteps, rows: Int32Array): Promise<TrainResult>;

  /** The outputs of a program over one batch of rows. */
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
    return this.state.snapshot();
  }

  /**
   * Takes one step for every batch of rows; the last batch may be smaller.
   *
   * @param rows row numbers of the source, in order.
   * @throws BioflaxError for rows the source does not have, a source that does not fit the layout, or while another
   *   call is training.
   */
  async train(source: Source, rows: Int32Array, options: TrainOptions = {}): Promise<TrainResult> {
    checkRows(source, rows);
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
    rows: Int32Array,
    { alignmentBatches = 0, onProgress, signal }: TrainOptions,
  ): Promise<TrainResult> {
    const losses: number[] = [];
    const alignment: AlignmentValues<number>[] = [];
    let position = 0;
    while (position < rows.length && signal?.aborted !== true) {
      const left = rows.length - position;
      const batch = Math.min(this.batchSize, left);
      const observe = losses.length < alignmentBatches;
      const most = Math.min(
        Math.floor(left / batch),
        observe ? alignmentBatches - losses.length : Number.POSITIVE_INFINITY,
      );
      const next = { source, batch, observe };
      const end = position + this.stepsOfCall(next, most) * batch;
      const result = await this.call(next, rows.subarray(position, end));
      losses.push(...result.losses);
      alignment.push(...result.alignment);
      position = end;
      onProgress?.(position, result.losses);
      // Where calls run in this thread, what came meanwhile, such as the signal, is heard only now.
      await setImmediate();
    }
    return { losses: Float64Array.from(losses), alignment };
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
    return this.#batches.evaluate(source, rows);
  }

  /** The network's output for the given rows of a source, row-major. */
  async predict(source: Source, rows: Int32Array): Promise<Float32Array> {
    return this.#batches.predict(source, rows);
  }

  /** Frees the programs and what lies on the device. */
  async dispose(): Promise<void> {
    this.state.dispose();
    await this.sources.dispose();
    await this.memory.release();
  }
}
