import * as tf from "@tensorflow/tfjs";
import { BioLayer, type Kwargs, oneShape } from "../base/bio-layer";
import type { LayerOptions } from "../base/options";
import { linkBelow } from "../links/link";
import {
  type ErrorSource,
  isTelling,
  numberUse,
  type PublishedSignals,
} from "../links/output-link";
import { sampleWeightsOf, targetSignalOf } from "../links/target-signals";
import { defineKernel } from "../ops/define-kernel";
import { outputBelow, receiveBelow } from "./claim";

type Inputs = Parameters<tf.layers.Layer["apply"]>[0];

interface Publication {
  /** Told the error as soon as it is known, and where the output is stored. */
  publish(error: tf.Tensor, storage: object): void;
  storage?: object;
}

/** The identity, which tells the error that arrives at it. */
const applySource = defineKernel<Publication>({
  name: "BioflaxErrorSource",
  inputsToSave: [],
  outputsToSave: [false],
  forward({ input }, publication) {
    const output = (input as tf.Tensor).clone();
    publication.storage = output.dataId;
    return [output];
  },
  backward(delta, _saved, { publish, storage }) {
    publish(delta, storage as object);
    return { input: () => delta.clone() };
  },
});

/** The identity at the end of a model that does not end in a dense layer: hidden layers learn from the error at it. */
export class ErrorSourceLayer extends BioLayer implements ErrorSource {
  /** @nocollapse */
  static className = "BioflaxErrorSource";

  signals: PublishedSignals | undefined;
  #use = 0;
  #units = 0;

  constructor(options: LayerOptions = {}) {
    super(options);
    this.inputSpec = [{ ndim: 2 }];
  }

  override get isAuxiliary(): boolean {
    return true;
  }

  /** How many outputs the model has. */
  get units(): number {
    return this.#units;
  }

  isHanding(use: number): boolean {
    return isTelling(this, use);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    [this.#units] = this.knownAxes(oneShape(inputShape), 1) as [number];
    this.built = true;
  }

  override apply(inputs: Inputs, kwargs?: Kwargs): ReturnType<tf.layers.Layer["apply"]> {
    const output = super.apply(inputs, kwargs);
    const list = (Array.isArray(inputs) ? inputs : [inputs]) as tf.SymbolicTensor[];
    const [symbol] = list;
    if (symbol instanceof tf.SymbolicTensor) {
      const sender = outputBelow(symbol);
      sender?.takeTargetFrom(this);
      if (sender === undefined) receiveBelow(symbol, this);
      linkBelow(list, this);
    }
    return output;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const use = { number: numberUse(), before: this.#use };
      this.#use = use.number;
      const publish = (error: tf.Tensor, storage: object) => {
        this.signals = {
          use,
          error,
          target: () => targetSignalOf(storage),
          weights: () => sampleWeightsOf(storage),
        };
      };
      const [output] = applySource({ input: this.inputOf(inputs) }, { publish });
      return output as tf.Tensor;
    });
  }
}
tf.serialization.registerClass(ErrorSourceLayer as never);

/**
 * The end of a model with hidden layers that learn straight from its error, where that is no dense layer: y = x, and
 * the error e that is sent to them is the one at x. Where it is, {@link denseDFAOutput} does the same.
 *
 * A layer below it whose rule takes errors straight from the output, by nothing but layers without a kernel, is the
 * output layer: it learns from that error as it comes down to it. After a {@link denseDFAOutput} that layers without a
 * kernel follow, it is that one whose error is sent, and what the end is for is the target, which `drtp` needs.
 *
 * @param options `name` and the like. Input and output [batch, outputs].
 * @throws BioflaxError when it is put together with layers that learn from another output.
 * @example
 * tf.sequential({
 *   layers: [
 *     bioConv2d({ rule: "dfa", filters: 8, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }),
 *     bioConv2d({ rule: "dfa", filters: 10, kernelSize: 1 }),
 *     tf.layers.globalAveragePooling2d({}),
 *     errorSource(),
 *   ],
 * });
 */
export function errorSource(options: LayerOptions = {}): ErrorSourceLayer {
  return new ErrorSourceLayer(options);
}
