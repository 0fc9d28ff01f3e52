import { type LayerParameters, rules } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { tfOps } from "../ops/tf-ops";
import { BaseDense } from "./base-dense";
import type { ErrorSource } from "./direct-hidden";
import { linkBelow } from "./link";
import type { DenseOptions } from "./options";

type Inputs = Parameters<tf.layers.Layer["apply"]>[0];

/** The output layer of a model whose hidden layers learn straight from its error; it learns as in backpropagation. */
export class DirectOutput extends BaseDense implements ErrorSource {
  /** @nocollapse */
  static className = "BioflaxDenseDirectOutput";

  protected readonly rule = undefined;
  /** The error of the backward pass that runs, or ran last: TensorFlow.js disposes it with the pass. */
  error: tf.Tensor | undefined;

  constructor(options: DenseOptions) {
    super(options);
  }

  override apply(
    inputs: Inputs,
    kwargs?: Parameters<tf.layers.Layer["apply"]>[1],
  ): ReturnType<tf.layers.Layer["apply"]> {
    const output = super.apply(inputs, kwargs);
    const list = Array.isArray(inputs) ? inputs : [inputs];
    if (list[0] instanceof tf.SymbolicTensor) linkBelow(list as tf.SymbolicTensor[], this);
    return output;
  }

  protected override connect(parameters: LayerParameters<tf.Tensor>) {
    const { layer } = this;
    const { bp } = rules;
    return {
      arriving: (delta: tf.Tensor) => delta,
      publish: (error: tf.Tensor) => {
        this.error = error;
      },
      // The chain rule's own signal: hidden layers of this route ignore it, any other layer learns from it.
      departing: (error: tf.Tensor) =>
        bp.route.signal(tfOps, bp, {
          above: { layer, parameters, error },
          below: { layer, parameters },
          outputError: error,
        }),
    };
  }
}
tf.serialization.registerClass(DirectOutput as never);
