import type { Network } from "@bioflax/core";
import type { Dataset, DownloadProgress } from "@bioflax/datasets";
import type { Config } from "./config/schema";
import type { EpochRecord, Summary } from "./run-folder/records";

/** What is about to be trained. */
export interface RunStart {
  readonly config: Config;
  readonly dataset: Dataset;
  readonly network: Network;
  readonly engine: string;
  readonly device: string;
  /** Why that device, where it was chosen for being there. */
  readonly why?: string | undefined;
  /** Operators of a training step that the device leaves to the processor, and how many of each; if that was asked for. */
  readonly leftToProcessor?: Readonly<Record<string, number>> | undefined;
  readonly threads: number;
  /** The run folder. */
  readonly folder: string;
  /** Where it goes on, when it was stopped before: so many epochs are done, and so many examples of the next. */
  readonly resumed?: { readonly records: readonly EpochRecord[]; readonly examples: number };
}

/** What a run left behind. */
export interface TrainedRun {
  /** The run folder. */
  readonly folder: string;
  /** The path of the report, if one was asked for. */
  readonly report?: string;
  readonly summary: Summary;
}

/** Someone who is told how a run goes. */
export interface Reporter {
  /** Data is on its way; told many times a second, before anything else. */
  downloading?(progress: DownloadProgress): void;
  /** Something one should know that does not stop the run. */
  notice?(text: string): void;
  started?(start: RunStart): void;
  /** @param examples how many the epoch trains on. */
  epochStarted?(epoch: number, examples: number): void;
  /** @param examples how many of them are done. */
  progress?(examples: number): void;
  /** The epoch's training is done; validation and test follow. */
  evaluating?(): void;
  epochFinished?(record: EpochRecord): void;
  /** A loss is not finite; where that began is looked for, which may take as long as an epoch. @param what the loss, as a phrase. */
  diagnosing?(what: string): void;
  /** The run is over, done or interrupted. */
  finished?(run: TrainedRun): void;
}
