import type { AlignmentValues } from "@bioflax/metrics";

/** The epoch under way: what its first examples have left. */
export interface PartialEpoch {
  /** How many examples it has trained on. */
  readonly examples: number;
  /** The sum of their losses, added up batch by batch. */
  readonly lossTotal: number;
  /** The alignment of each batch that was measured. */
  readonly alignment: readonly AlignmentValues<number>[];
  readonly trainSeconds: number;
}

/** What a run has taken up to now, over all the times it was started. */
export interface Elapsed {
  /** Seconds spent in training steps. */
  readonly trainSeconds: number;
  /** Examples trained on in them. */
  readonly examples: number;
  /** Seconds since the command was started. */
  readonly totalSeconds: number;
  /** Seconds until the first steps were done; missing when none was. */
  readonly secondsToFirstStep?: number;
}

/** How far a run is. */
export interface Progress {
  /** Epochs that are complete: the lines of `metrics.jsonl`. */
  readonly epochs: number;
  /** The bytes of those lines. */
  readonly metricsBytes: number;
  /** The epoch after them. */
  readonly partial: PartialEpoch;
  readonly elapsed: Elapsed;
  /** The loss of the run's first step; missing before there was one. */
  readonly firstLoss?: number;
}

/** An epoch of which nothing is done. */
export const NOTHING: PartialEpoch = {
  examples: 0,
  lossTotal: 0,
  alignment: [],
  trainSeconds: 0,
};

/** How far a run is, in a few words: `after epoch 3`, `in epoch 4, after 1280 examples`. */
export function describePlace({ epochs, partial }: Pick<Progress, "epochs" | "partial">): string {
  return partial.examples === 0
    ? `after epoch ${epochs}`
    : `in epoch ${epochs + 1}, after ${partial.examples.toLocaleString("en-US")} examples`;
}
