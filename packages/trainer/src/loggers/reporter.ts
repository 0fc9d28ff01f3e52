import type { Network, Weights } from "@bioflax/core";
import type { Dataset, DownloadProgress } from "@bioflax/datasets";
import type { EpochRecord, Summary } from "@bioflax/runs";
import type { Config } from "../config/schema";
import type { Engine } from "../engines/engine";

/** What is about to be trained. */
export interface RunStart {
  readonly config: Config;
  readonly dataset: Dataset;
  readonly network: Network;
  readonly engine: string;
  readonly device: string;
  /** Why that engine and device, where they were chosen for being there or for their speed. */
  readonly why?: string | undefined;
  /**
   * Operators of a training step that the device leaves to the processor, and how many of each; if that was asked for.
   */
  readonly cpuFallbackOps?: Readonly<Record<string, number>> | undefined;
  readonly threads: number;
  /** The run folder. */
  readonly folder: string;
  /** Where it goes on, when it was stopped before: so many epochs are done, and so many examples of the next. */
  readonly resumed?: { readonly records: readonly EpochRecord[]; readonly examples: number };
  /** The weights training starts from, or goes on from, by name. */
  readonly weights: Weights;
}

/** The network as it is after an epoch. */
export type NetworkInTraining = Pick<Engine, "predict" | "weights">;

/** What a run left behind. */
export interface TrainedRun {
  /** The run folder. */
  readonly folder: string;
  /** The path of the report, if one was asked for. */
  readonly report?: string;
  readonly summary: Summary;
}

/**
 * Someone who is told how a run goes. What takes time is waited for where it is told of a start, an epoch or an end.
 */
export interface Reporter {
  /** Something that a person should know went wrong; the run goes on. */
  warning?(message: string): void;
  /** Something one may want to know. */
  notice?(message: string): void;
  /** Data is on its way; told many times a second, before anything else. */
  downloading?(progress: DownloadProgress): void;
  started?(start: RunStart): void | Promise<void>;
  /** @param examples how many the epoch trains on. */
  epochStarted?(epoch: number, examples: number): void;
  /** @param examples how many of them are done. */
  progress?(examples: number): void;
  /** The epoch's training is done; validation and test follow. */
  evaluating?(): void;
  /** @param network as it is now; it changes with the next epoch. */
  epochFinished?(record: EpochRecord, network: NetworkInTraining): void | Promise<void>;
  /**
   * A loss is not finite; where that began is looked for, which may take as long as an epoch. @param what the loss, as
   * a phrase.
   */
  diagnosing?(what: string): void;
  /** The run is over, done or interrupted. */
  finished?(run: TrainedRun): void | Promise<void>;
  /** The run is over, by an error that is thrown after this; its folder has what there is. */
  failed?(run: TrainedRun): void | Promise<void>;
}
