import type { LayerSpec, Shape } from "@bioflax/core";
import { type EpochRecord, isBetter, type StoredRun, type Task } from "@bioflax/runs";

/**
 * The examples that predictions are made for. Runs whose predictions have the same object here are on the same test
 * set.
 */
export interface TestSet {
  readonly task: Task;
  /** Shape of an input as an image, [height, width, channels], where it is one. */
  readonly imageShape?: Shape;
  /** How many outputs a network has for it. */
  readonly outputs: number;
  /** What the classes or labels are called, by their number; numbers that speak for themselves when left out. */
  readonly classNames?: readonly string[];
  /** Class numbers [rows]; or values [rows, outputs]. */
  readonly targets: ArrayLike<number>;
  /** The inputs, where each is one number: [rows]. */
  readonly inputs?: Float32Array;
  /**
   * A row's input as a picture: a URL that needs nothing but itself, `data:image/png;base64,…`. Left out where inputs
   * are none.
   */
  readonly pictureOf?: (row: number) => string;
}

/** How well one label of several is told, whatever the others: shares from 0 to 1. */
export interface LabelShares {
  readonly label: number;
  readonly name?: string;
  /** How many examples have it. */
  readonly examples: number;
  readonly accuracy: number;
  /** Of the examples it is given to, the share that has it; undefined where it is given to none. */
  readonly precision?: number | undefined;
  /** Of the examples that have it, the share it is given to; undefined where none has it. */
  readonly recall?: number | undefined;
}

/** What the final weights make of the test set. */
export interface Predictions {
  readonly dataset: TestSet;
  /** The network's outputs for the rows of the test set, in their order, [rows, outputs]. */
  readonly outputs: Float32Array;
  /** The loss's: above it a single output tells class 1; 0 when left out, of logits. */
  readonly threshold?: number;
  /** How each label is told, by its number, where examples may have several. */
  readonly labels?: readonly LabelShares[];
}

/** What a run's settings come to, in the words of whoever knows what they mean. */
export interface RunDescription {
  /** The data set's name. */
  readonly dataset: string;
  readonly task: Task;
  readonly seed: number;
  /** How many epochs it is to have. */
  readonly epochs: number;
  /** The engine it asks for. */
  readonly engine: string;
  /** What its rules are called: `Feedback alignment`. */
  readonly rules: string;
  /** Which layer learns by which rule, where they are not all the same: `dfa, dfa, bp`. */
  readonly ruleByLayer?: string | undefined;
  /** The papers its rules are from. */
  readonly papers: string;
  /** The network: `Network 784-500-10`. */
  readonly network: string;
  /** Its layers, where they are known: what they are is said beside what is measured in them. */
  readonly layers?: readonly LayerSpec[] | undefined;
}

/** A run, as a report shows it. */
export interface ReportedRun extends StoredRun {
  readonly about: RunDescription;
  /** Its predictions, or why there are none; left out where none are wanted. */
  readonly predictions?: Predictions | { readonly missing: string };
}

/** A run's predictions; undefined where there are none. */
export function predictionsOf({ predictions }: ReportedRun): Predictions | undefined {
  return predictions === undefined || "missing" in predictions ? undefined : predictions;
}

/** The best completed epoch of a run; undefined when none was completed. */
export function bestOf({
  about,
  records,
}: Pick<ReportedRun, "about" | "records">): EpochRecord | undefined {
  return records.reduce<EpochRecord | undefined>(
    (best, one) => (isBetter(about.task, one, best) ? one : best),
    undefined,
  );
}

/** How a run ended: as its summary has it; one without a summary is still going on, or was killed. */
export function statusOf({ summary }: Pick<StoredRun, "summary">) {
  return summary?.status ?? "unfinished";
}
