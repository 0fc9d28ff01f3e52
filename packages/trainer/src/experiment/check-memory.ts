import { BioflaxError, needsDelayedErrors, sizeOf, slotNames, type Trainable } from "@bioflax/core";
import type { AvailableMemory } from "@bioflax/core/node";
import type { Dataset, Split } from "@bioflax/datasets";
import { getDataset } from "@bioflax/datasets/node";
import { generatedNumbers } from "../config/check-size";
import type { Config } from "../config/schema";

/** Bytes of a number. */
const FLOAT = 4;
/**
 * Times a weight is in memory at once, in every engine: its start, its present value, a checkpoint's, and its file's
 * bytes.
 */
const COPIES = 4;
/** Times a value of the optimizer's memory is: the present one, a checkpoint's, and its file's bytes. */
const SLOT_COPIES = 3;
/**
 * How much more than the least a run takes, about: gradients, what the engine computes with, and what is not given back
 * yet.
 */
const USUAL = 3;

/** The bytes a run cannot do without. */
interface Least {
  readonly weights: number;
  readonly optimizer: number;
  /** What is remembered of each example's error. */
  readonly errors: number;
  readonly batch: number;
  readonly data: number;
}

const shown = (bytes: number) =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

const whose = ({ isGroup }: AvailableMemory) =>
  isGroup ? "what its control group allows this process" : "what this machine has";

/**
 * Checks that data that is made, and needs no file, has room in memory, before it is made.
 *
 * @throws BioflaxError with the estimate where there can't be room for it.
 */
export function checkDataMemory(config: Config, memory: AvailableMemory): void {
  // Pixels are bytes, all else is float32.
  const { images } = getDataset(config.dataset);
  const bytes = generatedNumbers(config) * (images === undefined ? FLOAT : 1);
  if (bytes <= memory.total) return;
  throw new BioflaxError(
    `--train-set-size, --test-set-size and --batch-size: expected data of at most ${shown(memory.total)}, ${whose(memory)}, ` +
      `received at least ${shown(bytes)}. Make one of them smaller.`,
  );
}

/**
 * Checks that a run has room in memory, before its weights are drawn.
 *
 * @param warn told when there is room for the least it needs, but not for what such a run usually takes.
 * @throws BioflaxError with the estimate where it can't have.
 */
export function checkRunMemory(
  trainable: Trainable,
  dataset: Pick<Dataset, "train" | "test" | "inputShape">,
  batchSize: number,
  memory: AvailableMemory,
  warn: (message: string) => void,
): void {
  const least = leastOf(trainable, dataset, batchSize);
  const { weights, optimizer, errors, batch, data } = least;
  const trained = weights + optimizer + errors + batch;
  const parts = [
    `${shown(weights)} for copies of the weights`,
    ...(optimizer > 0 ? [`${shown(optimizer)} for the optimizer's memory`] : []),
    ...(errors > 0 ? [`${shown(errors)} for the examples' errors`] : []),
    `${shown(batch)} for a batch`,
    `${shown(data)} for the data`,
  ].join(", ");
  if (trained + data > memory.total)
    throw new BioflaxError(
      `The network does not fit into memory: expected a run of at most ${shown(memory.total)}, ${whose(memory)}, ` +
        `received one of at least ${shown(trained + data)} (${parts}). Make the network or --batch-size smaller.`,
    );
  const usual = trained * USUAL + data;
  if (usual > memory.free)
    warn(
      `memory may run out: such a run takes about ${shown(usual)}, and at least ${shown(trained + data)} (${parts}); ` +
        `${shown(memory.free)} of ${shown(memory.total)}, ${whose(memory)}, are free now`,
    );
}

function leastOf(
  { network, optimizer }: Trainable,
  { train, test, inputShape }: Pick<Dataset, "train" | "test" | "inputShape">,
  batchSize: number,
): Least {
  const sizes = network.parameters.map((info) => ({
    values: sizeOf(info.shape),
    slots: slotNames(info, optimizer).length,
  }));
  const rows = (batchSize * sizeOf(inputShape)) / sizeOf(network.spec.inputShape);
  // Each layer's output is kept until the error comes back to it.
  const outputs = network.layers.reduce((sum, { outputShape }) => sum + sizeOf(outputShape), 0);
  const splits: Split[] = [train, test];
  const examples = new Set(splits.map((split) => split.examples));
  return {
    weights: FLOAT * COPIES * sizes.reduce((sum, { values }) => sum + values, 0),
    optimizer:
      FLOAT * SLOT_COPIES * sizes.reduce((sum, { values, slots }) => sum + values * slots, 0),
    errors: needsDelayedErrors(network)
      ? (FLOAT * SLOT_COPIES * train.examples.count * rows * network.outputs) / batchSize
      : 0,
    batch: FLOAT * rows * outputs,
    data: [...examples].reduce((sum, { inputs }) => sum + inputs.byteLength, 0),
  };
}
