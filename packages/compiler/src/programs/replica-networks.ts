import type { Network, TrainingSnapshot, Weights } from "@bioflax/core";
import type { Evaluation } from "@bioflax/metrics";
import type { Source } from "./source";
import type { TrainReplicasOptions, TrainResult } from "./traced-network";

/**
 * Several networks that differ in nothing but numbers, and train as one. What is given or told of all has an entry for
 * each, in their order. One whose numbers are no longer finite leaves the others as they are.
 */
export interface Replicas {
  /** What they have in common. */
  readonly network: Network;
  /**
   * Takes one step of each for every batch of its rows; the last batch may be smaller.
   *
   * @param rows of each, row numbers of the source, in order: as many of each.
   * @throws BioflaxError for rows the source does not have, a source that does not fit the layout, or while another call
   *   is training.
   */
  train(
    source: Source,
    rows: readonly Int32Array[],
    options?: TrainReplicasOptions,
  ): Promise<TrainResult[]>;
  /** Each one's mean loss over its rows, and how much of them is right. @param rows as many of each, at least one. */
  evaluate(source: Source, rows: readonly Int32Array[]): Promise<Evaluation[]>;
  /** Each one's output for its rows, as many of each, row-major. */
  predict(source: Source, rows: readonly Int32Array[]): Promise<Float32Array[]>;
  /** One's output for its rows, row-major. */
  predictOne(replica: number, source: Source, rows: Int32Array): Promise<Float32Array>;
  /** One's present weights, by name. */
  weights(replica: number): Promise<Weights>;
  /** What the training of one has come to: a network by itself goes on from it as well. */
  snapshot(replica: number): Promise<TrainingSnapshot>;
  /** Frees the programs and what lies on the device. */
  dispose(): Promise<void>;
}
