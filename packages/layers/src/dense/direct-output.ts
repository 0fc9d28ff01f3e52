import * as tf from "@tensorflow/tfjs";
import { targetSignalOf } from "../training/target-signals";
import type { Connection } from "./dense-kernel";
import type { ErrorSource, PublishedSignals } from "./direct-hidden";
import { linkBelow } from "./link";
import type { DirectOutputOptions } from "./options";
import { SequentialDense } from "./sequential-dense";

type Inputs = Parameters<tf.layers.Layer["apply"]>[0];

/**
 * The output layer of a model with hidden layers that learn straight from its error. It learns from that error as any
 * layer does, and sends it down by a rule of its own, for a layer below that waits for one.
 */
export class DirectOutput extends SequentialDense implements ErrorSource {
  /** @nocollapse */
  static override className = "BioflaxDenseDirectOutput";

  signals: PublishedSignals | undefined;

  constructor(options: DirectOutputOptions) {
    super({ ...options, rule: options.rule ?? "bp" });
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

  protected override connect(): Connection {
    return {
      ...super.connect(),
      publish: (error, storage) => {
        this.signals = { error, target: () => targetSignalOf(storage) };
      },
    };
  }
}
tf.serialization.registerClass(DirectOutput as never);
