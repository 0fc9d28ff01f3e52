import type { Definition, Options } from "@bioflax/core";
import type { Dataset, ImageShape } from "./dataset";
import type { DownloadOptions } from "./files/download-options";
import type { ImageSetOptions } from "./image-set";
import type { InputDistribution } from "./synthetic/sampled-regression";

/**
 * What a data set of the registry is loaded with. Each takes what concerns it; what is left out has the default of the
 * set's own function, and a batch has 32 examples.
 */
export interface DatasetOptions extends DownloadOptions, ImageSetOptions {
  /** The folder with its files, or the file, where it comes in files. */
  readonly directory?: string | undefined;
  /** Examples in a batch, which the sizes of generated sets are counted in. */
  readonly batchSize?: number;
  /** Batches in the training set of a generated set. */
  readonly trainSetSize?: number;
  /** Batches in the test set of a generated set. */
  readonly testSetSize?: number;
  /** Rows of an input of `sinreg` and `teacher`. */
  readonly inDim?: number;
  /** Features of an input row of `sinreg` and `teacher`. */
  readonly seqLen?: number;
  /** Outputs of `teacher`. */
  readonly outputFeatures?: number;
  /** Activation of the hidden layers of `teacher`. */
  readonly teacherAct?: string;
  /** Units of the hidden layers of `teacher`. */
  readonly teacherLayers?: readonly number[];
  /** How inputs of `teacher` are drawn. */
  readonly teacherInputs?: InputDistribution;
  /** Classes of `spirals` and `blobs`, labels of `discs`, symbols of `copy`. */
  readonly classes?: number;
  /** Steps of a sequence of `copy`, `adding` and `text`. */
  readonly sequenceLength?: number;
  /** How many steps before the last the symbol is that `copy` asks for. */
  readonly delay?: number;
  /** Characters between the beginnings of two sequences of `text`. */
  readonly sequenceStride?: number;
}

/** What a data set's targets may be: see {@link DatasetFacts.targets}. */
export const datasetTargets = ["labels", "binary", "multi-label", "values"] as const;

/** Where a data set's examples may come from: see {@link DatasetFacts.origin}. */
export const datasetOrigins = ["files", "generated"] as const;

/** A data set of the registry: its name, and what is known of it. */
export interface DatasetDefinition extends DatasetFacts, Definition {}

/** What is known of a data set before it is loaded, and how it is loaded. */
export interface DatasetFacts {
  /** What it shows, in a few words, e.g. `handwritten digits`. */
  readonly shows: string;
  /**
   * What its targets are, which decides the losses it can be trained with: classes' labels; 0 or 1 for one output to
   * tell; several labels each, 0 or 1; or values.
   */
  readonly targets: (typeof datasetTargets)[number];
  /**
   * Whether its examples come in files or are drawn by the seed: those in files, and so the test examples, are the same
   * whatever the seed.
   */
  readonly origin: (typeof datasetOrigins)[number];
  /**
   * Shape of its images as they are published, [height, width, channels]; or `images` of any shape; missing where its
   * examples are none.
   */
  readonly images?: ImageShape | "of any shape";
  /** Whether its inputs are numbers of symbols, that an embedding takes; missing where they are not. */
  readonly symbols?: true;
  /**
   * Whether its inputs are one-hot codes, 1 for the category that is there and 0 for the others: a little more or less
   * of a number is no example then. Missing where they are quantities.
   */
  readonly oneHot?: true;
  /**
   * How many classes it has; missing where options say it, where they are counted in the files, or where targets are
   * values.
   */
  readonly classes?: number;
  /** How many training and test examples are published; missing where options or the user's files say it. */
  readonly size?: readonly [train: number, test: number];
  /** How many numbers one generated example has, its target included. */
  readonly exampleSize?: (options: DatasetOptions) => number;
  /** Under which terms its files are published, and who published them. */
  readonly licence?: string;
  /**
   * What a set of one's own can be told beside {@link DatasetOptions}: settings of the command; `load` has those that
   * are given.
   */
  readonly options?: Options;
  /**
   * Loads or draws it.
   *
   * @throws BioflaxError when files are missing, saying what to put where, or damaged, or an option is out of its
   *   range.
   */
  readonly load: (options: DatasetOptions) => Dataset | Promise<Dataset>;
}
