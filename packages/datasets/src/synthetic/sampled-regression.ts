import { BioflaxError, Random, showValue } from "@bioflax/core";
import { type Dataset, type Examples, wholeSplit } from "../dataset";
import { checkDatasetOptions } from "../dataset-options";
import { splitValidation } from "../split-validation";

/** Options that all generated regression problems share. */
export interface SampledRegressionOptions {
  /** Examples in a batch; the sizes below are counted in batches. */
  readonly batchSize: number;
  /** Batches in the training set, what is set aside for validation included; 50 when left out. */
  readonly trainSetSize?: number;
  /** Batches in the test set; 10 when left out. */
  readonly testSetSize?: number;
  /** Rows of an input, each mapped on its own; 1 when left out. */
  readonly inDim?: number;
  /** Features of a row; 1 when left out. */
  readonly seqLen?: number;
  /** The part of the training set that is set aside for validation; 0.1 when left out. */
  readonly valSplit?: number;
  /** Decides everything that is drawn; 0 when left out. */
  readonly seed?: number;
}

/** How inputs may be drawn. */
export const inputDistributions = ["uniform", "normal"] as const;

/** How inputs are drawn: evenly from a range, or from the standard normal distribution. */
export type InputDistribution = (typeof inputDistributions)[number];

/** What makes one generated regression problem different from another. */
export interface SampledProblem {
  /** The data set's name. */
  readonly name: string;
  /** How inputs are drawn; `uniform` when left out. */
  readonly inputs?: InputDistribution;
  /** Uniform inputs are drawn from [−range, range). */
  readonly range: number;
  /** Features of a target row. */
  readonly outputs: number;
  /** Maps inputs, [rows, seqLen], to targets, [rows, outputs]. */
  readonly targetsOf: (inputs: Float32Array) => Float32Array;
}

/**
 * Fills in the options that were left out, and checks the sizes.
 *
 * @param who the function that was called, for errors.
 * @throws BioflaxError when a size is not a whole number from 1.
 */
export function withDefaults(
  who: string,
  options: SampledRegressionOptions,
): Required<SampledRegressionOptions> {
  checkDatasetOptions(who, options);
  const {
    batchSize,
    trainSetSize = 50,
    testSetSize = 10,
    inDim = 1,
    seqLen = 1,
    valSplit = 0.1,
    seed = 0,
  } = options;
  checkSizes(who, { batchSize, trainSetSize, testSetSize, inDim, seqLen });
  return { batchSize, trainSetSize, testSetSize, inDim, seqLen, valSplit, seed };
}

/**
 * Throws unless every size is a whole number from 1.
 *
 * @param who the function that was called, for errors.
 * @param sizes what it was given, by the names of its options.
 * @throws BioflaxError naming the first option that is wrong.
 */
export function checkSizes(who: string, sizes: Readonly<Record<string, number>>): void {
  for (const [option, size] of Object.entries(sizes)) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new BioflaxError(
        `${who}: expected "${option}" to be a whole number from 1, received ${size}. Set "${option}" to 1 or more.`,
      );
    }
  }
}

/**
 * Generates a regression problem: random inputs [inDim, seqLen] and the targets [inDim, outputs] of a function.
 *
 * Training and test inputs come from independent streams, so the size of one does not change the other.
 *
 * @param problem the inputs' range and the function.
 * @param options from {@link withDefaults}.
 * @throws BioflaxError when the validation fraction or the seed is out of range, or the distribution is none.
 */
export function sampleRegression(
  problem: SampledProblem,
  options: Required<SampledRegressionOptions>,
): Dataset {
  const { batchSize, trainSetSize, testSetSize, inDim, seqLen, valSplit, seed } = options;
  const distribution = problem.inputs ?? "uniform";
  if (!inputDistributions.includes(distribution)) {
    throw new BioflaxError(
      `${problem.name}: expected "inputs" to be one of ${inputDistributions.join(", ")}, received ${showValue(distribution)}.`,
    );
  }
  const draw = (stream: string, count: number): Examples => {
    const random = new Random(seed, stream);
    const inputs = new Float32Array(count * inDim * seqLen);
    // 24 bits are what a float32 holds: more of them could round up to the end of the range.
    const uniform = () => problem.range * ((random.uint32() >>> 8) * 2 ** -23 - 1);
    const next = distribution === "normal" ? () => random.normal() : uniform;
    for (let i = 0; i < inputs.length; i++) inputs[i] = next();
    return { inputs, targets: problem.targetsOf(inputs), count };
  };
  return {
    name: problem.name,
    task: "regression",
    inputShape: [inDim, seqLen],
    targetShape: [inDim, problem.outputs],
    outputs: problem.outputs,
    ...splitValidation(wholeSplit(draw("train", trainSetSize * batchSize)), valSplit, seed),
    test: wholeSplit(draw("test", testSetSize * batchSize)),
  };
}
