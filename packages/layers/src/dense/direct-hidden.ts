import { getRule, type LayerParameters, type Rule, type Shape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { tfOps } from "../ops/tf-ops";
import { BaseDense } from "./base-dense";
import type { DirectHiddenOptions } from "./options";

/** Where a hidden layer's error comes from: the output layer. */
export interface ErrorSource {
  readonly name: string;
  readonly units: number;
  /** The error at the output's pre-activation, [rows, outputs], while a backward pass runs. */
  readonly error: tf.Tensor | undefined;
}

/** A hidden dense layer that learns from the output's error, brought straight to it by feedback weights of its own. */
export class DirectHidden extends BaseDense {
  /** @nocollapse */
  static className = "BioflaxDenseDirectHidden";

  protected readonly rule: Rule;
  #outputUnits: number | undefined;
  #source: ErrorSource | undefined;

  constructor(options: DirectHiddenOptions) {
    super(options);
    this.rule = this.explaining(() => getRule(options.rule ?? "dfa"));
    if (this.rule.route.source !== "output") {
      this.fail(
        `errors of the rule "${this.rule.name}" travel layer by layer; use denseBP, denseFA or denseKP.`,
      );
    }
    const { outputUnits } = options;
    if (outputUnits != null && !(Number.isInteger(outputUnits) && outputUnits > 0)) {
      this.fail(`expected outputUnits to be a positive whole number, received ${outputUnits}.`);
    }
    this.#outputUnits = outputUnits ?? undefined;
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
      : this.rule.route.feedbackShape(this.layer, this.#outputUnits, false);
  }

  protected override connect(parameters: LayerParameters<tf.Tensor>) {
    const { layer, rule } = this;
    return {
      arriving: (delta: tf.Tensor) => {
        const outputError = this.#outputError(delta.shape[0] as number);
        const site = { layer, parameters };
        // Of a step from layer to layer, this route reads the lower end alone.
        return rule.route.signal(tfOps, rule, {
          above: { ...site, error: outputError },
          below: site,
          outputError,
        });
      },
      // Errors come straight from the output, so none is passed on: the chain rule below gets zeros.
      departing: (_error: tf.Tensor, input: tf.Tensor) => tf.zerosLike(input),
    };
  }

  /** The output's error, once it is certain that it belongs to this backward pass. */
  #outputError(rows: number): tf.Tensor {
    const source =
      this.#source ??
      this.fail(
        "it leads to no denseDFAOutput layer, so no error reaches it. End the model in one; if that is inside a nested model, call linkModel(model).",
      );
    const { error } = source;
    if (error === undefined || error.isDisposed) {
      this.fail(
        `its output layer "${source.name}" had no part in this loss, so no error reaches it.`,
      );
    }
    if (error.shape[0] !== rows) {
      this.fail(
        `it has ${rows} rows and its output layer "${source.name}" ${error.shape[0]}: between them rows may be neither merged nor split.`,
      );
    }
    return error;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const size = this.#outputUnits === undefined ? {} : { outputUnits: this.#outputUnits };
    return { ...super.getConfig(), rule: this.rule.name, ...size };
  }
}
tf.serialization.registerClass(DirectHidden as never);
