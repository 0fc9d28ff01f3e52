import {
  BioflaxError,
  checkLoss,
  checkOptionNames,
  getLoss,
  type LossSpec,
  lossAndGradients,
  type Network,
  type OptionNames,
  withNoise,
} from "@bioflax/core";
import { type AlignmentValues, alignment, summarizeAlignment } from "@bioflax/metrics";
import * as tf from "@tensorflow/tfjs";
import { toNetwork } from "../network/to-network";
import { networkNoise, networkParameters } from "../network/weights";
import { tfOps } from "../ops/tf-ops";
import { fittingTarget } from "./targets";

/** Options of {@link alignmentCallback}. */
export interface AlignmentCallbackOptions {
  /** The batch to measure on, which stays the caller's: `inputs` [batch, …]; `targets` as {@link loss} takes them. */
  readonly data: { readonly inputs: tf.Tensor; readonly targets: tf.Tensor };
  /** The loss whose error is sent: its name, or `{ name, labelSmoothing }`. */
  readonly loss: LossSpec;
  /** When to measure: at the end of each `epoch`, or after each `batch`; `epoch` when left out. */
  readonly every?: "epoch" | "batch";
  /** Told each measurement, with the number of the epoch, or of the batch within it, from 0. */
  readonly onAlignment?: (
    index: number,
    values: Readonly<Record<string, number>>,
  ) => void | Promise<void>;
}

const optionNames: OptionNames<AlignmentCallbackOptions> = {
  data: true,
  loss: true,
  every: true,
  onAlignment: true,
};

/** Over how many batches a mean is, which is said where it is not all of them. */
const COUNT = /Batches$/;

class AlignmentCallback extends tf.Callback {
  readonly #options: AlignmentCallbackOptions;
  #network: Network | undefined;
  #measured: AlignmentValues<number>[] = [];

  constructor(options: AlignmentCallbackOptions) {
    super();
    checkOptionNames("alignmentCallback", options, optionNames);
    checkOptionNames("alignmentCallback, data", options.data, { inputs: true, targets: true });
    if (options.every !== undefined && options.every !== "epoch" && options.every !== "batch")
      throw new BioflaxError(
        `alignmentCallback: expected every to be "epoch" or "batch", received ${JSON.stringify(options.every)}.`,
      );
    getLoss(options.loss);
    this.#options = options;
  }

  /** Called before the first step, so that a model that cannot be measured is refused there. */
  override setModel(model: Parameters<tf.Callback["setModel"]>[0]): void {
    super.setModel(model);
    const network = toNetwork(this.model);
    checkLoss(network.rules, this.#options.loss);
    this.#network = network;
  }

  override async onEpochBegin(): Promise<void> {
    this.#measured = [];
  }

  override async onBatchEnd(batch: number, logs?: tf.Logs): Promise<void> {
    if (this.#options.every !== "batch") return;
    const values = await this.#measure();
    this.#measured.push(values);
    await this.#tell(batch, summarizeAlignment([values]), logs);
  }

  override async onEpochEnd(epoch: number, logs?: tf.Logs): Promise<void> {
    if (this.#options.every === "batch") {
      record(summarizeAlignment(this.#measured), logs);
      return;
    }
    await this.#tell(epoch, summarizeAlignment([await this.#measure()]), logs);
  }

  async #tell(index: number, values: Readonly<Record<string, number>>, logs?: tf.Logs) {
    record(values, logs);
    await this.#options.onAlignment?.(index, values);
  }

  async #measure(): Promise<AlignmentValues<number>> {
    const { data, loss: spec } = this.#options;
    const network = this.#network as Network;
    const loss = getLoss(spec);
    let names: string[] = [];
    const measured = tf.tidy(() => {
      const { inputShape } = network.spec;
      const leading = data.inputs.shape.slice(0, data.inputs.rank - inputShape.length);
      const input = tf.cast(tf.reshape(data.inputs, [-1, ...inputShape]), "float32");
      const rows = input.shape[0] as number;
      const target = fittingTarget(loss, data.targets, [...leading, network.outputs]);
      // The weights as they are: feedback that mirrors the kernel is not made to do so for the sake of looking.
      const present = networkParameters(this.model, network);
      const parameters = withNoise(network, present, networkNoise(this.model, rows));
      const pass = lossAndGradients<tf.Tensor>(tfOps, { network, loss }, parameters, {
        input,
        target,
      });
      const values = alignment<tf.Tensor>(tfOps, network, parameters, pass);
      names = Object.keys(values);
      return tf.stack(Object.values(values));
    });
    const numbers = await measured.data();
    measured.dispose();
    return Object.fromEntries(names.map((key, i) => [key, numbers[i] as number]));
  }
}

/** Adds measured values to TensorFlow.js's logs, under names of their own. */
function record(values: Readonly<Record<string, number>>, logs: tf.Logs = {}): void {
  // In some epochs only, a count would stand at the wrong epoch of TensorFlow.js's history.
  for (const [name, value] of Object.entries(values))
    if (!COUNT.test(name)) logs[`alignment/${name}`] = value;
}

/**
 * A callback for `model.fit` and `model.fitDataset` that measures, while a model learns, how its gradients, error
 * signals and feedback weights agree with backpropagation's.
 *
 * What is measured, and its names, are those of `alignment` in `@bioflax/metrics`, with the angle in degrees beside
 * each cosine: `gradient`, `gradientAngle`, `layers.0.weights`, …. Each goes into the logs with `alignment/` before it,
 * so that `history.history["alignment/gradientAngle"]` has it epoch by epoch; where it is measured after each batch,
 * that is the mean over those of the epoch's batches where the value is defined (the angle to a vector of zeros is
 * NaN). Feedback weights are measured as they are, and random magnitudes as the next step will have them.
 *
 * TensorFlow.js asks the callbacks in their order and its history last: a callback that reads the values, such as
 * `tf.callbacks.earlyStopping({ monitor: "alignment/gradientAngle" })`, comes after this one in the list. It takes a
 * list of callback objects or one of plain functions, not both: wrap functions in `new tf.CustomCallback({ … })`.
 *
 * @param options on which batch, under which loss, and when.
 * @returns an object for `callbacks`.
 * @throws BioflaxError for an unknown loss; when training starts, for a model that {@link toNetwork} does not take, or
 *   whose rules learn nothing from the loss.
 * @example
 * await model.fit(xs, ys, {
 *   epochs: 5,
 *   callbacks: [alignmentCallback({ data: { inputs: xs, targets: ys }, loss: "softmaxCrossEntropy" })],
 * });
 */
export function alignmentCallback(options: AlignmentCallbackOptions): tf.Callback {
  return new AlignmentCallback(options);
}
