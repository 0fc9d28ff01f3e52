import type { Shape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { tfOps } from "../ops/tf-ops";
import { BaseDense } from "./base-dense";
import type { Connection } from "./dense-kernel";
import type { DirectHiddenOptions } from "./options";

/** What an output layer tells the hidden layers that learn from it, [rows, outputs], while a backward pass runs. */
export interface PublishedSignals {
  /** The error at the output's pre-activation. TensorFlow.js disposes it with the pass. */
  readonly error: tf.Tensor;
  /** The target's signal: a new tensor. @throws BioflaxError when the loss left none. */
  target(): tf.Tensor;
}

/** Where a hidden layer's error comes from: the output layer. */
export interface ErrorSource {
  readonly name: string;
  readonly units: number;
  /** Those of the backward pass that runs, or ran last. */
  readonly signals: PublishedSignals | undefined;
}

/** A hidden dense layer that learns from what the output sends straight to it, through feedback weights of its own. */
export class DirectHidden extends BaseDense {
  /** @nocollapse */
  static className = "BioflaxDenseDirectHidden";

  #outputUnits: number | undefined;
  #source: ErrorSource | undefined;

  constructor(options: DirectHiddenOptions) {
    super(
      { ...options, rule: options.rule ?? "dfa" },
      "output",
      (rule) =>
        `errors of the rule "${rule}" travel layer by layer; use bioDense({ rule: "${rule}", … }).`,
    );
    const { outputUnits } = options;
    if (outputUnits != null && !(Number.isInteger(outputUnits) && outputUnits > 0)) {
      this.fail(`expected outputUnits to be a positive whole number, received ${outputUnits}.`);
    }
    this.#outputUnits = outputUnits ?? undefined;
  }

  /** The output layer it learns from, once it is known. */
  get source(): ErrorSource | undefined {
    return this.#source;
  }

  /**
   * Has the layer learn from an output layer; models call it as they are put together.
   *
   * @throws BioflaxError when it learns from another one already, or was told another size.
   */
  learnFrom(source: ErrorSource): void {
    if (this.#source !== undefined && this.#source !== source) {
      this.fail(
        `it leads to two output layers, "${this.#source.name}" and "${source.name}", and can learn from one. ` +
          "Give each output hidden layers of its own, or join the outputs in one layer.",
      );
    }
    if (this.#outputUnits !== undefined && this.#outputUnits !== source.units) {
      this.fail(
        `expected outputUnits to be those of its output layer "${source.name}", ${source.units}, received ${this.#outputUnits}.`,
      );
    }
    this.#source = source;
    this.#outputUnits = source.units;
    // Linking happens outside the scope that puts the layer's name before its weights'.
    if (this.built && this.variables.feedback === undefined)
      this.addFeedback(`${this.name}/feedback`);
  }

  protected override feedbackShape(): Shape | undefined {
    return this.#outputUnits === undefined
      ? undefined
      : this.rule.route.feedbackShape(this.definition, this.#outputUnits, false);
  }

  protected override connect(): Connection {
    const { rule } = this;
    return {
      arriving: (delta, site) => {
        const { error, target } = this.#signals(delta.shape[0] as number);
        const at = site();
        return rule.route.signal(tfOps, {
          // Of a step from layer to layer, this route reads the lower end alone.
          above: { ...at, error },
          below: at,
          output: { error, target: rule.needsTarget ? this.explaining(target) : undefined },
        });
      },
      // Errors come straight from the output, so none is passed on: the chain rule below gets zeros.
      departing: (_error, input) => tf.zerosLike(input),
      outputError: (rows) => this.#signals(rows).error,
    };
  }

  /** What the output tells, once it is certain that it belongs to this backward pass. */
  #signals(rows: number): PublishedSignals {
    const source =
      this.#source ??
      this.fail(
        "it leads to no denseDFAOutput layer, so no error reaches it. End the model in one; if that is inside a nested model, call linkModel(model).",
      );
    const { signals } = source;
    if (signals === undefined || signals.error.isDisposed) {
      this.fail(
        `its output layer "${source.name}" had no part in this loss, so no error reaches it.`,
      );
    }
    if (signals.error.shape[0] !== rows) {
      this.fail(
        `it has ${rows} rows and its output layer "${source.name}" ${signals.error.shape[0]}: between them rows may be neither merged nor split.`,
      );
    }
    return signals;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const size = this.#outputUnits === undefined ? {} : { outputUnits: this.#outputUnits };
    return { ...super.getConfig(), ...size };
  }
}
tf.serialization.registerClass(DirectHidden as never);
