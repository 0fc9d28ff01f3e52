import {
  type KernelLayerSpec,
  learningOptionNames,
  rules,
  type SequentialRuleName,
  updateOptionNames,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import type { DirectOutputOptions } from "../base/options";
import { linkBelow } from "../links/link";
import { type ErrorSource, numberUse, type PublishedSignals } from "../links/output-link";
import { sampleWeightsOf, targetSignalOf } from "../links/target-signals";
import type { Connection } from "./apply-kernel-layer";
import { isDirect } from "./is-direct";
import { SequentialDense } from "./sequential-layer";

type Inputs = Parameters<tf.layers.Layer["apply"]>[0];

/** An output layer's options under a rule that has it send nothing: without what concerns feedback weights. */
const withoutFeedback = (options: DirectOutputOptions): DirectOutputOptions =>
  Object.fromEntries(
    Object.entries(options).filter(
      ([name]) =>
        !Object.hasOwn(learningOptionNames, name) || Object.hasOwn(updateOptionNames, name),
    ),
  ) as unknown as DirectOutputOptions;

/**
 * The output layer of a model with hidden layers that learn straight from its error. It learns from that error as any
 * layer does, and sends it down by a rule of its own, for a layer below that waits for one; by one of theirs, it sends
 * none.
 */
export class DirectOutput extends SequentialDense implements ErrorSource {
  /** @nocollapse */
  static override className = "BioflaxDenseDirectOutput";

  signals: PublishedSignals | undefined;
  #use = 0;
  /** The end of the model, where layers without a kernel follow and a loss leaves its target there. */
  #end: ErrorSource | undefined;
  /** The rule by which it sends nothing, if it is one. */
  readonly #silent: string | undefined;

  constructor(options: DirectOutputOptions) {
    const rule = options.rule ?? "bp";
    super(
      isDirect(rule)
        ? { ...withoutFeedback(options), rule: "bp" }
        : { ...options, rule: rule as SequentialRuleName },
    );
    this.#silent = isDirect(rule) ? rules.nameOf<string>(rule) : undefined;
  }

  override get spec(): KernelLayerSpec {
    return this.#silent === undefined ? super.spec : { ...super.spec, rule: this.#silent };
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

  /** Has the layer take the target from the end of the model; models call it as they are put together. */
  takeTargetFrom(end: ErrorSource): void {
    this.#end = end;
  }

  protected override connect(): Connection {
    const connection = super.connect();
    const use = { number: numberUse(), before: this.#use };
    this.#use = use.number;
    return {
      ...connection,
      departing:
        this.#silent === undefined ? connection.departing : (_error, input) => tf.zerosLike(input),
      publish: (error, storage) => {
        const target = () => this.#end?.signals?.target() ?? targetSignalOf(storage);
        const weights = () => this.#end?.signals?.weights() ?? sampleWeightsOf(storage);
        this.signals = { use, error, target, weights };
      },
    };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...(this.#silent === undefined ? {} : { rule: this.#silent }) };
  }
}
tf.serialization.registerClass(DirectOutput as never);
