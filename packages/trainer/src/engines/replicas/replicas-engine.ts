import type { TrainingSnapshot, Weights } from "@bioflax/core";
import type { Examples, Split } from "@bioflax/datasets";
import type { Evaluation } from "@bioflax/metrics";
import type { Engine, EngineSetup, EpochResult } from "../engine";

/** How an epoch of replicas is watched and stopped. */
export interface ReplicasEpochOptions {
  /** What each replica's rows are rows of. */
  readonly examples: readonly Examples[];
  /** On how many of the epoch's first batches to measure alignment. */
  readonly alignmentBatches: number;
  /** In place of those, at every step whose number, from 0 over all that have been taken, is a multiple of this. */
  readonly alignEvery?: number | undefined;
  /**
   * Called a few times a second with the number of examples each replica was trained on so far in this call, and each
   * one's losses since the last time.
   */
  readonly onProgress: (examples: number, losses: readonly Float64Array[]) => void;
  /** Stops the epoch of all at the next opportunity, between two steps. */
  readonly signal: AbortSignal;
}

/** Several networks in training at once, on one device. What is asked of all has an entry for each, in their order. */
export interface ReplicasEngine
  extends Pick<Engine, "name" | "device" | "why" | "threads" | "versions"> {
  /** Trains each on its own rows, as many of each, a batch after another. */
  trainEpoch(
    rows: readonly Int32Array[],
    options: ReplicasEpochOptions,
  ): Promise<readonly EpochResult[]>;
  /** Each one's loss on its split, as many rows of each, and how much of it is right. */
  evaluate(splits: readonly Split[]): Promise<readonly Evaluation[]>;
  /** One network's output for some rows of a split's examples, row-major. */
  predict(replica: number, split: Split, rows: Int32Array): Promise<Float32Array>;
  /** One network's present weights, by name. */
  weights(replica: number): Promise<Weights>;
  /** All that the training of one has come to. */
  snapshot(replica: number): Promise<TrainingSnapshot>;
  /** Frees what the engine holds. */
  dispose(): Promise<void>;
}

/**
 * Starts an engine for replicas. Their setups have gone through as many steps, and are of one data set's layout, batch
 * size, device and number of threads.
 *
 * @throws BioflaxError when the device is not there, saying how to get it.
 */
export type ReplicasEngineFactory = (setups: readonly EngineSetup[]) => Promise<ReplicasEngine>;
