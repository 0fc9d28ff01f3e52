import {
  delayedErrorsOf,
  flatten,
  forward,
  groupByLayer,
  type NetworkParameters,
  noiseOffset,
  noiseShape,
  noiseTable,
  outputOf,
  rateAt,
  sizeOf,
  slotNames,
  type Tape,
  type Trainable,
  type TrainingSnapshot,
  trainStep,
  type Weights,
} from "@bioflax/core";
import { batches, type Dataset, type Examples, type Split } from "@bioflax/datasets";
import type { EagerDevice } from "@bioflax/layers/node";
import type * as tf from "@tensorflow/tfjs";
import { createBatcher } from "../engines/eager-batches";
import type { Finding, Quantity } from "./finding";

/** How many examples of an evaluation are looked at at once. */
const EVALUATION_BATCH = 500;

/** What there is to look at: a value, whose it is, and what. */
interface Candidate {
  readonly layer: number;
  readonly quantity: Finding["quantity"];
  readonly tensor: tf.Tensor | undefined;
  /** What it was computed from, where that is told too. */
  readonly from?: tf.Tensor;
  /** The step it comes from. */
  readonly step?: number;
}

/** Looks for numbers that are not finite in a step, in TensorFlow.js: the maths is every engine's. */
export class Examiner {
  readonly #tf: typeof tf;
  readonly #ops: typeof import("@bioflax/layers").tfOps;
  readonly #trainable: Trainable;
  readonly #dataset: Dataset;
  readonly #seed: number;

  constructor(
    { tf: tfjs }: Pick<EagerDevice, "tf">,
    ops: typeof import("@bioflax/layers").tfOps,
    of: { readonly trainable: Trainable; readonly dataset: Dataset; readonly seed: number },
  ) {
    this.#tf = tfjs;
    this.#ops = ops;
    this.#trainable = of.trainable;
    this.#dataset = of.dataset;
    this.#seed = of.seed;
  }

  /**
   * What went wrong first in a step: in the weights it starts from, the forward pass, the loss, the errors from the
   * output down, or the update.
   *
   * @param snapshot what training had come to before the step.
   * @param rows the rows of its batch.
   */
  async step(
    snapshot: TrainingSnapshot,
    examples: Examples,
    rows: Int32Array,
  ): Promise<Finding | undefined> {
    return this.#first(this.#tidy(() => this.#inStep(snapshot, examples, rows)));
  }

  /** What goes wrong first in the forward passes of an evaluation. */
  async evaluation(weights: Weights, { examples, indices }: Split): Promise<Finding | undefined> {
    for (const rows of batches(indices, EVALUATION_BATCH)) {
      const candidates = this.#tidy(() => {
        const { network } = this.#trainable;
        const { input } = this.#batch(examples, rows);
        const parameters = this.#parameters(weights);
        const tape = forward<tf.Tensor>(this.#ops, network, parameters, input, false);
        return [...this.#weights(parameters), ...outputsOf(tape)];
      });
      const finding = await this.#first(candidates);
      if (finding !== undefined) return finding;
    }
    return undefined;
  }

  /** Frees all tensors but those of the candidates. */
  #tidy(make: () => Candidate[]): Candidate[] {
    return this.#tf.tidy(make as () => never);
  }

  #inStep(snapshot: TrainingSnapshot, examples: Examples, rows: Int32Array): Candidate[] {
    const { network, optimizer, learningRate } = this.#trainable;
    const { weights, slots, stepsTaken } = snapshot;
    const batch = this.#batch(examples, rows);
    const noise = this.#noise(stepsTaken, batch.input.shape[0] as number);
    const state = {
      parameters: this.#parameters(weights),
      slots: network.parameters.map((info) =>
        slotNames(info, optimizer).map((name) =>
          this.#tf.tensor(slots[name] as Float32Array, [...info.shape]),
        ),
      ),
    };
    const {
      state: after,
      parameters,
      pass,
    } = trainStep<tf.Tensor>(this.#ops, this.#trainable, state, {
      batch: { ...batch, delayed: this.#delayed(snapshot, examples, rows, batch.target) },
      noise,
      step: this.#tf.scalar(stepsTaken + 1),
      rate: rateAt(learningRate, stepsTaken),
    });
    const last = network.layers.length - 1;
    const from = outputOf(pass.tape);
    const downwards = network.layers.map((_, layer) => last - layer);
    const inThisStep = [
      ...this.#weights(parameters),
      ...outputsOf(pass.tape),
      { layer: last, quantity: "loss" as const, tensor: pass.loss, from },
      { layer: last, quantity: "error at the output" as const, tensor: pass.delta, from },
      ...downwards.flatMap((layer): Candidate[] => [
        { layer, quantity: "error signal", tensor: pass.signals[layer] },
        ...Object.entries(pass.gradients[layer] ?? {}).map(([role, tensor]) => ({
          layer,
          quantity: `gradient of the ${role}` as Quantity,
          tensor: tensor as tf.Tensor,
        })),
      ]),
      ...this.#weights(after.parameters),
    ];
    return [
      ...this.#weights(state.parameters).map((candidate) => ({ ...candidate, step: stepsTaken })),
      ...inThisStep.map((candidate) => ({ ...candidate, step: stepsTaken + 1 })),
    ];
  }

  #weights(parameters: NetworkParameters<tf.Tensor>): Candidate[] {
    const { network } = this.#trainable;
    const tensors = flatten(network, parameters);
    return network.parameters.map(({ layer, role }, i) => ({
      layer,
      quantity: role,
      tensor: tensors[i],
    }));
  }

  #parameters(weights: Weights): NetworkParameters<tf.Tensor> {
    const { network } = this.#trainable;
    const values = network.parameters.map(({ name, shape }) =>
      this.#tf.tensor(weights[name] as Float32Array, [...shape]),
    );
    return groupByLayer(network, values);
  }

  #batch(examples: Examples, rows: Int32Array) {
    return createBatcher(this.#tf, this.#trainable, this.#dataset).batch(examples, rows);
  }

  /** The delayed errors of a batch, where a rule needs them. */
  #delayed(
    { slots }: TrainingSnapshot,
    examples: Examples,
    rows: Int32Array,
    target: tf.Tensor,
  ): tf.Tensor | undefined {
    const { network } = this.#trainable;
    const rowsPerExample = sizeOf(this.#dataset.inputShape) / sizeOf(network.spec.inputShape);
    const memory = delayedErrorsOf(this.#trainable, rowsPerExample, slots);
    const errors = memory?.take(examples, target.rank === 1 ? "labels" : "rows", rows);
    return errors && this.#tf.tensor2d(errors, [errors.length / network.outputs, network.outputs]);
  }

  /** The random numbers of a step. */
  #noise(step: number, batch: number): tf.Tensor[] {
    return this.#trainable.network.noise.map((info) => {
      const shape = noiseShape(info, batch);
      const start = noiseOffset(info, this.#seed, step);
      const values = noiseTable(info, this.#seed, batch).subarray(start, start + sizeOf(shape));
      return this.#tf.tensor(values, [...shape]);
    });
  }

  /** The first candidate that holds a number that is not finite; frees all of them. */
  async #first(candidates: Candidate[]): Promise<Finding | undefined> {
    try {
      for (const { layer, quantity, tensor, from, step } of candidates) {
        const values = (await tensor?.data()) ?? [];
        const value = (values as Float32Array).find((one) => !Number.isFinite(one));
        if (value === undefined) continue;
        const outputs = from && ((await from.data()) as Float32Array);
        const largest = outputs?.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
        return { layer, quantity, value, largest, step };
      }
      return undefined;
    } finally {
      this.#tf.dispose(candidates.flatMap(({ tensor }) => tensor ?? []));
    }
  }
}

function outputsOf(tape: Tape<tf.Tensor>): Candidate[] {
  return tape.map(({ output }, layer) => ({ layer, quantity: "output", tensor: output }));
}
