import type { Evaluation } from "@bioflax/metrics";
import type { DataDescription } from "./stored-network";

/**
 * What an epoch leaves in `metrics.jsonl`. But for `timing`, the same run gives the same bytes. JSON has no number that
 * is not finite: NaN and infinities, of a run that goes on after them, are `null` there.
 */
export interface EpochRecord {
  /** Counted from 1. */
  readonly epoch: number;
  /** Of the epoch's last step; missing where it is the same in every step. */
  readonly learningRate?: number;
  /** The mean loss of the training examples, each seen before the step it was part of. */
  readonly train: { readonly loss: number };
  /** After the epoch; missing when nothing was set aside for validation. */
  readonly val?: Evaluation;
  /** After the epoch. */
  readonly test: Evaluation;
  /** Means over the measured batches where each is defined, NaN where it is in none; missing when none was measured. */
  readonly alignment?: Readonly<Record<string, number>>;
  /**
   * What was measured at each step of the epoch that was to be, by `alignEvery`, and as `step` how many were taken
   * before it; missing where only the first batches of an epoch are measured.
   */
  readonly alignmentCourse?: readonly Readonly<Record<string, number>>[];
  readonly timing: {
    /** Seconds spent in training steps. */
    readonly trainSeconds: number;
    /** Seconds spent on validation and test. */
    readonly evaluateSeconds: number;
    /** Training examples a second. */
    readonly examplesPerSecond: number;
  };
}

/** How a run ended. */
export type RunStatus = "done" | "interrupted" | "failed";

/** What a run leaves in `summary.json`. */
export interface Summary {
  readonly status: RunStatus;
  /** Why it failed. */
  readonly error?: string;
  /** Whether it failed for a loss that was no longer finite, as it would again; missing where not. */
  readonly diverged?: true;
  /** What was warned of: what is legal and surely not meant, or a loss that went astray; missing where nothing was. */
  readonly warnings?: readonly string[];
  /** Epochs that were completed. */
  readonly epochs: number;
  /** Of the last completed epoch, as are `val` and `test`; missing when none was completed. */
  readonly train?: EpochRecord["train"];
  readonly val?: Evaluation;
  readonly test?: Evaluation;
  /** The best completed epoch: by validation, or by training loss when nothing was set aside for validation. */
  readonly best?: Pick<EpochRecord, "epoch" | "train" | "val" | "test">;
  readonly timing: {
    /** Seconds spent in training steps. */
    readonly trainSeconds: number;
    /** Seconds from the start of the command to the end. */
    readonly totalSeconds: number;
    /** Seconds from the start of the command until the first steps were done; missing when none was. */
    readonly secondsToFirstStep?: number;
  };
  readonly throughput: {
    /** Training examples a second, evaluation apart. */
    readonly examplesPerSecond: number;
  };
  readonly engine: string;
  /** The device the run was really on. */
  readonly device: string;
  /** Why that engine and device, where they were chosen: half a sentence. */
  readonly why?: string;
  readonly threads: number;
  /** How many networks trained as one, this one counted; missing of one that trained by itself. */
  readonly replicas?: number;
  /** Versions of everything that computes. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What a data set asks of a network: one class an example, any of several labels, or values. */
export type Task = DataDescription["task"];

/**
 * Whether one epoch is better than another: by validation a higher accuracy where there is one, else a lower loss.
 *
 * Without validation a lower training loss: an epoch chosen by test would make its test results look better than they
 * are.
 */
export function isBetter(task: Task, one: EpochRecord, other: EpochRecord | undefined): boolean {
  if (other === undefined) return true;
  const [a, b] = [one.val, other.val];
  if (a === undefined || b === undefined) return isLess(one.train.loss, other.train.loss);
  return task === "regression"
    ? isLess(a.loss, b.loss)
    : (a.accuracy as number) > (b.accuracy as number);
}

/** Whether one loss is less than another; any number is less than NaN. */
function isLess(one: number, other: number): boolean {
  return one < other || (Number.isNaN(other) && !Number.isNaN(one));
}
