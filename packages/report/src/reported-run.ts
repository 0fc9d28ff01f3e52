import type { Dataset } from "@bioflax/datasets";
import type { StoredRun } from "../../runs/src/folder/read-run";
import { type EpochRecord, isBetter } from "../../runs/src/records/records";
import { targetsOf } from "../../trainer/src/config/targets";

/** What the final weights make of the test set. */
export interface Predictions {
  readonly dataset: Dataset;
  /** The network's outputs for the rows of `dataset.test`, in their order, row-major. */
  readonly outputs: Float32Array;
}

/** A run, as a report shows it. */
export interface ReportedRun extends StoredRun {
  /** Its predictions, or why there are none. */
  readonly predictions: Predictions | { readonly missing: string };
}

/** A run's predictions; undefined where there are none. */
export function predictionsOf({ predictions }: ReportedRun): Predictions | undefined {
  return "missing" in predictions ? undefined : predictions;
}

/** What a run's data set asks for. */
export function taskOf({ config }: Pick<StoredRun, "config">): Dataset["task"] {
  return targetsOf(config.dataset).task;
}

/** The best completed epoch of a run; undefined when none was completed. */
export function bestOf(run: Pick<StoredRun, "config" | "records">): EpochRecord | undefined {
  return run.records.reduce<EpochRecord | undefined>(
    (best, one) => (isBetter(taskOf(run), one, best) ? one : best),
    undefined,
  );
}

/** How a run ended: as its summary has it; one without a summary is still going on, or was killed. */
export function statusOf({ summary }: Pick<StoredRun, "summary">) {
  return summary?.status ?? "unfinished";
}
