import { BioflaxError } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";

/** What an output layer tells the layers that learn from it, [rows, outputs], while a backward pass runs. */
export interface PublishedSignals {
  /** The error at the output's pre-activation. TensorFlow.js disposes it with the pass. */
  readonly error: tf.Tensor;
  /** The target's signal: a new tensor. @throws BioflaxError when the loss left none. */
  target(): tf.Tensor;
  /** What examples are weighted by, [rows, 1], a new tensor; undefined where they are not, or the loss does not tell. */
  weights(): tf.Tensor | undefined;
}

/** Where errors come from that go straight to hidden layers: the output layer. */
export interface ErrorSource {
  readonly name: string;
  readonly units: number;
  /** Those of the backward pass that runs, or ran last. */
  readonly signals: PublishedSignals | undefined;
}

/** A layer that takes errors straight from an output layer. */
export interface ErrorReceiver {
  /** The output layer, once it is known. */
  readonly source: ErrorSource | undefined;
  /**
   * Has the layer learn from an output layer; models call it as they are put together.
   *
   * @throws BioflaxError when it learns from another one already, or was told another size.
   */
  learnFrom(source: ErrorSource): void;
}

/** Whether a layer takes errors straight from an output layer. */
export function isReceiver(layer: object | undefined): layer is ErrorReceiver {
  return layer !== undefined && "learnFrom" in layer;
}

/** Whether a layer is an output layer that others take errors from. */
export function isSource(layer: object | undefined): layer is ErrorSource {
  return layer !== undefined && "signals" in layer;
}

/** What connects a layer to the output layer it learns from. */
export class OutputLink {
  readonly #layer: string;
  #outputUnits: number | undefined;
  #source: ErrorSource | undefined;

  /**
   * @param layer name of the layer that learns.
   * @param outputUnits units of the output layer, if they are known.
   * @throws BioflaxError when they are not a positive whole number.
   */
  constructor(layer: string, outputUnits: number | null | undefined) {
    this.#layer = layer;
    if (outputUnits != null && !(Number.isInteger(outputUnits) && outputUnits > 0))
      this.#fail(`expected outputUnits to be a positive whole number, received ${outputUnits}.`);
    this.#outputUnits = outputUnits ?? undefined;
  }

  get source(): ErrorSource | undefined {
    return this.#source;
  }

  get outputUnits(): number | undefined {
    return this.#outputUnits;
  }

  #fail(message: string): never {
    throw new BioflaxError(`Layer "${this.#layer}": ${message}`);
  }

  /** @throws BioflaxError when there is another one already, or its size is not the one that was given. */
  connect(source: ErrorSource): void {
    if (this.#source !== undefined && this.#source !== source) {
      this.#fail(
        `it leads to two output layers, "${this.#source.name}" and "${source.name}", and can learn from one. ` +
          "Give each output hidden layers of its own, or join the outputs in one layer.",
      );
    }
    if (this.#outputUnits !== undefined && this.#outputUnits !== source.units) {
      this.#fail(
        `expected outputUnits to be those of its output layer "${source.name}", ${source.units}, received ${this.#outputUnits}.`,
      );
    }
    this.#source = source;
    this.#outputUnits = source.units;
  }

  /**
   * What the output tells in the backward pass that runs.
   *
   * @param rows how many examples the layer that asks has.
   * @throws BioflaxError when it is not certain that it belongs to this backward pass.
   */
  signals(rows: number): PublishedSignals {
    const source =
      this.#source ??
      this.#fail(
        "it leads to no denseDFAOutput layer, so no error reaches it. End the model in one, or in errorSource() where it does not end in a " +
          "dense layer; if that is inside a nested model, call linkModel(model).",
      );
    const { signals } = source;
    if (signals === undefined || signals.error.isDisposed) {
      this.#fail(
        `its output layer "${source.name}" had no part in this loss, so no error reaches it.`,
      );
    }
    if (signals.error.shape[0] !== rows) {
      this.#fail(
        `it has ${rows} rows and its output layer "${source.name}" ${signals.error.shape[0]}: between them rows may be neither merged nor split.`,
      );
    }
    return signals;
  }
}
