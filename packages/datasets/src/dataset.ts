import type { Shape } from "@bioflax/core";

/** Shape of an image, channels last: [height, width, channels]. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Inputs and targets of a number of examples, row-major and shared: every split points into the same storage. */
export interface Examples {
  /**
   * The inputs one after another, [count, ...inputShape]: raw pixels, and numbers of up to 256 symbols, as uint8, anything
   * else as float32.
   */
  readonly inputs: Uint8Array | Float32Array;
  /**
   * Class labels, int32 [count]; several labels each, 0 or 1, float32 [count, labels]; or values, float32 [count,
   * ...targetShape].
   */
  readonly targets: Int32Array | Float32Array;
  /** What each example's loss and error are multiplied by in training, float32 [count]; 1 each when left out. */
  readonly weights?: Float32Array;
  /** How many examples there are. */
  readonly count: number;
}

/** A part of some examples: the numbers of the rows that belong to it. */
export interface Split {
  /** The storage the rows are in. */
  readonly examples: Examples;
  /** Row numbers, int32 [rows], each from 0 to `examples.count` − 1. */
  readonly indices: Int32Array;
}

/** How raw inputs become a network's inputs: x = (raw · scale − mean) / standardDeviation. */
export interface Normalization {
  /** What raw values are multiplied by, e.g. 1/255 for pixels. */
  readonly scale: number;
  /** Mean of the scaled training inputs. */
  readonly mean: number;
  /** Standard deviation of the scaled training inputs. */
  readonly standardDeviation: number;
}

/** What a data set may ask of a network: one class an example, any of several labels, or values. */
export const tasks = ["classification", "multi-label", "regression"] as const;

/** What a data set asks of a network: one of {@link tasks}. */
export type Task = (typeof tasks)[number];

/** A data set: what a network is trained, validated and tested on. A plain value, to be spread and overridden. */
export interface Dataset {
  /** The data set's name, e.g. `mnist`. */
  readonly name: string;
  /** Whether targets are class labels, several labels that are there or not, or values. */
  readonly task: Task;
  /** Shape of one input, e.g. [784]. */
  readonly inputShape: Shape;
  /** The shape of an input as an image, [height, width, channels], where it is one; `inputShape` has it flat. */
  readonly imageShape?: ImageShape;
  /**
   * How many symbols there are, where inputs are their numbers, [steps], whole from 0: they stand for something, and are
   * not to be computed with.
   */
  readonly symbols?: number;
  /** Shape of one target: [] for a label. */
  readonly targetShape: Shape;
  /**
   * Units the network's last layer needs: the number of classes, or 1 for the two classes 0 and 1; of labels; of output
   * features.
   */
  readonly outputs: number;
  /**
   * What the classes or labels are called, by their number; when missing, they are numbers that speak for themselves.
   */
  readonly classNames?: readonly string[];
  /** How to normalise the inputs; when missing, they are used as they are. */
  readonly normalization?: Normalization;
  /** What to learn from. */
  readonly train: Split;
  /** What to choose settings by; missing when nothing was set aside for it. */
  readonly validation?: Split;
  /** What to report. */
  readonly test: Split;
}

/**
 * The split that holds every example, in storage order.
 *
 * @param examples the storage.
 * @returns a split with the indices 0 … count − 1.
 */
export function wholeSplit(examples: Examples): Split {
  return { examples, indices: new Int32Array(examples.count).map((_, row) => row) };
}

/** How many classes a network with so many outputs tells apart: a single one tells class 1 from class 0. */
export function classCount({ outputs }: Pick<Dataset, "outputs">): number {
  return outputs === 1 ? 2 : outputs;
}
