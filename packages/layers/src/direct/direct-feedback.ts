import {
  checkRule,
  type DirectRuleName,
  dense,
  feedbackWeightOptionNames,
  getRule,
  type KernelLayer,
  layerOf,
  type OptionNames,
  type Rule,
  rules,
  type Shape,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { BioLayer, type Kwargs } from "../base/bio-layer";
import { tellDecay } from "../base/decay";
import { layerNames } from "../base/option-names";
import type { FeedbackWeightOptions, LayerOptions, OutputUnits } from "../base/options";
import type { DirectLayer } from "../kernel-layers/direct-layer";
import { givenOptions } from "../kernel-layers/given-options";
import { resolveFeedback } from "../kernel-layers/resolve-layer";
import { whyNotFit } from "../kernel-layers/why-not-fit";
import {
  type ErrorSource,
  type FeedbackTarget,
  isTelling,
  numberUse,
  OutputLinks,
  type PublishedSignals,
} from "../links/output-link";
import { applyFeedback } from "./apply-feedback";
import { receiveBelow } from "./claim";

/** Options of {@link directFeedback}. */
export interface DirectFeedbackOptions extends LayerOptions, FeedbackWeightOptions {
  /** The rule, one whose errors come straight from the output, by name or one of one's own; `dfa` when left out. */
  rule?: DirectRuleName | Rule;
  /** Units of the output layer, or of each where there are several; found out from the model when left out. */
  outputUnits?: number | readonly OutputUnits[];
}

type Inputs = Parameters<tf.layers.Layer["apply"]>[0];

const optionNames: OptionNames<DirectFeedbackOptions> = {
  ...layerNames,
  ...feedbackWeightOptionNames,
  rule: true,
  outputUnits: true,
};

/** The identity, at which errors arrive straight from the output, through feedback weights of its own. */
export class DirectFeedback extends BioLayer implements FeedbackTarget {
  /** @nocollapse */
  static className = "BioflaxDirectFeedback";
  static override readonly optionNames: Readonly<Record<string, true>> = optionNames;

  readonly rule: Rule;
  readonly #links: OutputLinks;
  readonly #layer: KernelLayer;
  readonly #feedback: ReturnType<typeof resolveFeedback>;
  readonly #options: tf.serialization.ConfigDict;
  #handed: Pick<PublishedSignals, "error" | "use"> | undefined;
  #use = 0;
  #feedbackTarget: Shape | undefined;
  #serves: DirectLayer | undefined;

  constructor(options: DirectFeedbackOptions = {}) {
    super(options);
    this.rule = this.explaining(() => getRule(rules.nameOf(options.rule ?? "dfa")));
    if (this.rule.route.source !== "output")
      this.fail(
        `errors of the rule "${this.rule.name}" travel layer by layer, and need no such layer. Leave it out.`,
      );
    this.#feedback = this.explaining(() => resolveFeedback(options));
    const { feedbackInitializer: _starting, ...learning } = givenOptions(
      options,
      feedbackWeightOptionNames,
    );
    this.#options = learning;
    this.#layer = this.explaining(() => {
      // Rules of this route ask a layer for these options alone.
      const layer = layerOf(dense, { type: "dense", units: 1, ...learning }, [1]) as KernelLayer;
      checkRule(this.rule, layer);
      return layer;
    });
    this.#links = new OutputLinks(
      {
        name: this.name,
        addFeedback: (weight, units) => this.#addFeedback(weight, units),
        removeFeedback: (variable) => this.removeWeight(variable),
      },
      options.outputUnits,
    );
  }

  override get isAuxiliary(): boolean {
    return true;
  }

  get sources(): readonly ErrorSource[] {
    return this.#links.sources;
  }

  isHanding(use: number): boolean {
    return isTelling({ signals: this.#handed }, use);
  }

  /** The layer whose error arrives here; undefined where that is no layer of bioflax's. */
  get serves(): DirectLayer | undefined {
    return this.#serves;
  }

  /** The feedback weights, once their shape is known; those for the first output layer where there are several. */
  get feedback(): tf.LayerVariable | undefined {
    return this.#links.variables[0]?.variable;
  }

  /** The feedback weights for each output layer, as far as their shapes are known. */
  get feedbackVariables(): OutputLinks["variables"] {
    return this.#links.variables;
  }

  override get feedbackWeights(): readonly tf.LayerVariable[] {
    return this.feedbackVariables.map(({ variable }) => variable);
  }

  /** The options of the feedback weights as core's specs have them. */
  get spec(): Readonly<Record<string, unknown>> {
    const { spec } = this.#feedback.initializer;
    return {
      ...(spec === undefined ? {} : { feedbackInitializer: spec }),
      ...this.#options,
    };
  }

  learnFrom(source: ErrorSource, attached: () => boolean): void {
    this.#links.connect(source, attached);
    if (!this.built) return;
    this.drawWeights();
    this.#links.addFeedback();
  }

  override apply(inputs: Inputs, kwargs?: Kwargs): ReturnType<tf.layers.Layer["apply"]> {
    const [symbol] = (Array.isArray(inputs) ? inputs : [inputs]) as tf.SymbolicTensor[];
    if (symbol instanceof tf.SymbolicTensor) this.#serves ??= receiveBelow(symbol, this);
    return super.apply(inputs, kwargs);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const axes = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape).length - 1;
    const example = this.dynamicAxes(inputShape, axes);
    if (example.includes(null) && this.#options.feedbackProjection !== "broadcast")
      this.fail(
        `the error comes to each element, and how many there are in [${example.join(", ")}] is not known. Give the model an inputShape in full, or this ` +
          'layer feedbackProjection: "broadcast", one feedback weight a channel, or put it after global pooling.',
      );
    // Broadcast to any places, it is the channels that count.
    this.#feedbackTarget = example.map((extent) => extent ?? 1);
    this.#links.addFeedback();
    this.built = true;
  }

  #addFeedback(weight: string, units: number): tf.LayerVariable {
    const { route, feedbackGradient } = this.rule;
    const shape = route.feedbackShape(this.#layer, units, this.#feedbackTarget) as Shape;
    const variable = this.addWeight(
      // Linking happens outside the scope that puts the layer's name before its weights'.
      this.built ? `${this.name}/${weight}` : weight,
      [...shape],
      "float32",
      // They start as those of the layer they are for would.
      this.#feedback.starting.create(this.seed, `${(this.#serves ?? this).name}.${weight}`),
      undefined,
      feedbackGradient !== undefined,
    );
    tellDecay(variable, feedbackGradient !== undefined);
    return variable;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const input = this.inputOf(inputs);
      const feedback = this.#links.feedback();
      const use = { number: numberUse(), before: this.#use };
      this.#use = use.number;
      // Without an output layer there is nothing to learn from, which is an error only if something is to be learnt.
      const [output] = applyFeedback(
        { input, ...(feedback === undefined ? {} : { feedback }) },
        {
          rule: this.rule,
          layer: this.#layer,
          // Read again, because those of several outputs are put together anew for each pass.
          feedback: () => this.#links.feedback() as tf.Tensor,
          handing: (error) => {
            this.#handed = { use, error };
          },
          signals: (batch) => {
            const reason = whyNotFit(this.rule);
            if (reason !== undefined) this.fail(reason);
            const { error, target, weights } = this.#links.signals(batch, use.number);
            return {
              error,
              target: this.rule.needsTarget ? this.explaining(target) : undefined,
              get weights() {
                return weights();
              },
            };
          },
        },
      );
      return output as tf.Tensor;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { outputUnits } = this.#links;
    return {
      ...super.getConfig(),
      ...this.#options,
      rule: this.rule.name,
      feedbackInitializer: this.#feedback.initializer.config,
      ...(outputUnits === undefined ? {} : { outputUnits: outputUnits as number }),
    };
  }
}
tf.serialization.registerClass(DirectFeedback as never);

/**
 * The place at which errors arrive straight from the output: y = x, and the error at x is what the output sends,
 * through feedback weights B, [elements of x, outputs], whatever error comes from above.
 *
 * It stands where a part of a network ends that is to learn as one: after a convolution's normalisation and pooling, so
 * that these learn too and B is smaller; or after a block of any layers, which then learn by backpropagation within it.
 * A {@link bioConv2d} or {@link bioDense} right below it, by nothing but layers without a kernel, takes its error from
 * it and has no B of its own.
 *
 * @param options `rule`, `dfa` or another of its route; `feedbackInitializer`, `feedbackConnections`,
 *   `feedbackProjection`; `outputUnits`, which the model tells where it can. Input and output [batch, …].
 * @throws BioflaxError for a bad option, naming the layer; in training, when no output layer's error reaches it.
 * @example
 * tf.sequential({
 *   layers: [
 *     bioConv2d({ rule: "dfa", filters: 8, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }),
 *     bioMaxPooling2d(),
 *     directFeedback(),
 *     tf.layers.flatten(),
 *     denseDFAOutput({ units: 10 }),
 *   ],
 * });
 */
export function directFeedback(options: DirectFeedbackOptions = {}): DirectFeedback {
  return new DirectFeedback(options);
}
