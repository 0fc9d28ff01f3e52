import type { TrainingSnapshot, TrainingSpec, Weights } from "@bioflax/core";
import type { Dataset, Examples, Split } from "@bioflax/datasets";
import type { AlignmentValues, Evaluation } from "@bioflax/metrics";
import type { EngineName, Precision } from "../devices/names";

/** Everything an engine needs to train a network. */
export interface EngineSetup extends TrainingSpec {
  /** Starting weights, by name. */
  readonly weights: Weights;
  /** The optimizer's memory to start with, as an {@link Engine.snapshot} has it; zeros when left out. */
  readonly slots?: Weights | undefined;
  /** How many steps have been taken before; 0 when left out. */
  readonly stepsTaken?: number | undefined;
  readonly dataset: Dataset;
  readonly batchSize: number;
  /** Seed of what rules draw anew at each step. */
  readonly seed: number;
  /** A device of the engine, or `auto` for the fastest that is really there. */
  readonly device: string;
  /** How many threads to compute with; as many as there are processors for this process when left out. */
  readonly threads?: number | undefined;
  /** What matrices are multiplied in; `float32` when left out. Only the device `tensorflow` has another. */
  readonly precision?: Precision | undefined;
}

/** How an epoch is watched and stopped. */
export interface EpochOptions {
  /** What the rows are rows of, in place of the data set's own training examples: the same of them, otherwise seen. */
  readonly examples?: Examples;
  /** On how many of the epoch's first batches to measure alignment. */
  readonly alignmentBatches: number;
  /** In place of those, at every step whose number, from 0 over all that have been taken, is a multiple of this. */
  readonly alignEvery?: number | undefined;
  /**
   * Called a few times a second with the number of examples trained on so far in this call, and the losses since the
   * last time.
   */
  readonly onProgress?: (examples: number, losses: Float64Array) => void;
  /** Stops the epoch at the next opportunity, between two steps. */
  readonly signal?: AbortSignal;
}

/** What an epoch leaves behind. */
export interface EpochResult {
  /** The loss of each batch, in order, before its update; the last batch may be smaller than the others. */
  readonly losses: Float64Array;
  /** The alignment of each measured batch. */
  readonly alignment: readonly AlignmentValues<number>[];
}

/** A network in training, on some device. */
export interface Engine {
  readonly name: EngineName;
  /** The device it really runs on. */
  readonly device: string;
  /** Why that one, where it was chosen for being there or for its speed: half a sentence. */
  readonly why?: string | undefined;
  /** How many threads it really computes with. */
  readonly threads: number;
  /** How many networks its steps are taken of together, this one counted; missing where it trains by itself. */
  readonly replicas?: number | undefined;
  /** Versions of the libraries that compute. */
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Trains on the given rows of the training examples, a batch after another.
   *
   * @param rows row numbers in the order they are to be used, as `epochOrder` gives them.
   */
  trainEpoch(rows: Int32Array, options: EpochOptions): Promise<EpochResult>;
  /** The loss on a split, averaged over examples, whatever they are weighted by, and how much of it is right. */
  evaluate(split: Split): Promise<Evaluation>;
  /** The network's output for some rows of a split's examples, row-major. */
  predict(split: Split, rows: Int32Array): Promise<Float32Array>;
  /**
   * The gradient of each example's own loss at what the network sees of it, once it is normalised, for some rows of a
   * split's examples, row-major; missing where several networks train as one.
   */
  inputGradients?(split: Split, rows: Int32Array): Promise<Float32Array>;
  /** The present weights, by name. */
  weights(): Promise<Weights>;
  /** Operators of a training step that its device leaves to the processor, and how many of each; where it can tell. */
  cpuFallbackOps?(): Promise<Readonly<Record<string, number>>>;
  /** All that training has come to: an engine set up with it takes the very steps this one would take next. */
  snapshot(): Promise<TrainingSnapshot>;
  /** Frees what the engine holds. */
  dispose(): Promise<void>;
}

/** Starts an engine. @throws BioflaxError when the device is not there, saying how to get it. */
export type EngineFactory = (setup: EngineSetup) => Promise<Engine>;
