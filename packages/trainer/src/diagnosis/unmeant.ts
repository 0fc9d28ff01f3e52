import {
  type Float64Tensor,
  float64Tensor,
  getActivation,
  getLoss,
  groupByLayer,
  lossAndGradients,
  type NamedNoise,
  noiseOffset,
  noiseShape,
  noiseTable,
  prepareStep,
  referenceOps,
  sizeOf,
  type Trainable,
  type Weights,
} from "@bioflax/core";
import { type Dataset, takeInputs, takeTargets } from "@bioflax/datasets";
import type { EpochRecord } from "@bioflax/runs";
import type { Config } from "../config/schema";
import { lossNameOf } from "../experiment/training";

/** What is tried when a loss grows. */
export const CALMER =
  "Try a lower --lr, --clip-norm 1, smaller --scale-w and --scale-b, or another --activations";

/** How far a loss may rise before it counts as one that has gone astray. */
const ASTRAY = 1000;

/** What a run is about to train. */
interface About {
  readonly config: Config;
  readonly dataset: Dataset;
  readonly trainable: Trainable;
}

/**
 * What is legal in a run's settings, and surely not meant.
 *
 * @param weights what training starts from.
 * @param stepsTaken how many steps lie behind it.
 * @returns a sentence, or more, for each.
 */
export function notMeant(prepared: About, weights: Weights, stepsTaken = 0): string[] {
  return [...unfitActivation(prepared), ...nothingLearns(prepared, weights, stepsTaken)];
}

/**
 * An output activation that leaves the loss no logits, though it takes them, or whose single output is always the same.
 */
function unfitActivation({ config, dataset }: About): string[] {
  const { outputActivation } = config;
  const name = lossNameOf(config);
  const own = getLoss(name).activation;
  const { normalizes = false } = getActivation(outputActivation);
  const why = () => {
    if (normalizes && dataset.outputs === 1)
      return "a single output is then 1 whatever the input, so that nothing can be learned";
    if (own === outputActivation)
      return (
        `the loss ${name} takes logits, of which it takes the ${own} itself. With both, errors are far ` +
        "too small and outputs no probabilities of the loss's"
      );
    if (own !== undefined && normalizes)
      return (
        `the loss ${name} takes logits, of which it takes the ${own} itself; outputs that lie between 0 and 1 and sum to 1 are none, ` +
        `and what the ${own} makes of them are no probabilities of the loss's`
      );
    return undefined;
  };
  const reason = why();
  return reason === undefined
    ? []
    : [`--output-activation ${outputActivation}: ${reason}. Leave --output-activation out.`];
}

/** Examples a step is tried on: gradients of kernels that start at 0 are 0 for all or for none. */
const TRIED = 4;

/** Kernels that start at 0, so that no kernel of the network can learn. */
function nothingLearns(prepared: About, weights: Weights, stepsTaken: number): string[] {
  const { network } = prepared.trainable;
  const kernels = network.parameters.filter(({ role }) => role === "kernel");
  const atZero = kernels.filter(({ name }) => weights[name]?.every((value) => value === 0));
  if (atZero.length === 0) return [];
  const gradients = kernelGradients(prepared, weights, stepsTaken);
  if (gradients.some(({ data }) => data.some((value) => value !== 0))) return [];
  const { init, initializer, scaleW } = prepared.config;
  const setting = initializer === "zeros" ? "--initializer zeros" : `--scale-w ${scaleW}`;
  const instead = initializer === "zeros" ? "another --initializer" : "a --scale-w above 0";
  const why =
    init === undefined
      ? `${setting} has the kernels start at 0`
      : `the weights of --init ${init} are 0 in ${atZero.length} of ${kernels.length} kernels`;
  return [
    `nothing can learn: ${why}, and from there the gradient of every kernel is 0, at this step and so at all that follow. ` +
      `${init === undefined ? `Use ${instead}` : "Start from other weights"}, or other --activations.`,
  ];
}

/** The gradients of a network's kernels, on a few examples. */
function kernelGradients(
  { config, dataset, trainable }: About,
  weights: Weights,
  stepsTaken: number,
): Float64Tensor[] {
  const { network } = trainable;
  const { inputShape } = network.spec;
  const rows = dataset.train.indices.subarray(0, TRIED);
  const inputs = takeInputs(dataset.train.examples, rows, dataset.normalization);
  const targets = takeTargets(dataset.train.examples, rows);
  const batch = inputs.length / sizeOf(inputShape);
  const noise = network.noise.map((info) => noiseAt(info, config.seed, stepsTaken, batch));
  const parameters = groupByLayer(
    network,
    network.parameters.map(({ name, shape }) =>
      float64Tensor(weights[name] as Float32Array, [...shape]),
    ),
  );
  const { gradients } = lossAndGradients(
    referenceOps,
    trainable,
    prepareStep(referenceOps, network, parameters, noise),
    {
      input: float64Tensor(inputs, [batch, ...inputShape]),
      target: float64Tensor(
        targets,
        targets instanceof Int32Array ? [targets.length] : [batch, targets.length / batch],
      ),
    },
  );
  return gradients.flatMap((own) => (own?.kernel === undefined ? [] : [own.kernel]));
}

/** A step's random numbers. */
function noiseAt(noise: NamedNoise, seed: number, step: number, batch: number): Float64Tensor {
  const shape = noiseShape(noise, batch);
  const start = noiseOffset(noise, seed, step);
  return float64Tensor(
    noiseTable(noise, seed, batch).subarray(start, start + sizeOf(shape)),
    shape,
  );
}

/**
 * A training loss that ends far above where it began, which is no number that is not finite, and so stops nothing.
 *
 * @param first that of the first step, where it is known.
 * @param last the last epoch's.
 */
export function wentAstray(first: number | undefined, last: EpochRecord | undefined): string[] {
  if (first === undefined || last === undefined) return [];
  const { loss } = last.train;
  if (!(first > 0 && loss > ASTRAY * first)) return [];
  return [
    `the training loss ends at ${loss.toPrecision(3)}, ${(loss / first).toPrecision(2)} times where it began, at ${first.toPrecision(3)}: the run has gone ` +
      `astray, and its results are no results. ${CALMER}.`,
  ];
}
