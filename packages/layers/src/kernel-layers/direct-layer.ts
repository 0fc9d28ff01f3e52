import {
  type DirectRuleName,
  feedbackProjectionOf,
  type KernelLayer,
  type Rule,
  receivingShape,
  type Shape,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { directConv2dNames, directDenseNames } from "../base/option-names";
import type {
  DirectConv2dOptions,
  DirectHiddenOptions,
  KernelFeedbackOptions,
  OutputUnits,
} from "../base/options";
import {
  type ErrorSource,
  type FeedbackTarget,
  isAttached,
  numberUse,
  OutputLinks,
} from "../links/output-link";
import { tfOps } from "../ops/tf-ops";
import type { Connection } from "./apply-kernel-layer";
import { BaseKernelLayer } from "./kernel-layer";
import { conv2dKind, denseKind, type LayerKind } from "./kinds";
import { whyNotFit } from "./why-not-fit";

type DirectOptions = KernelFeedbackOptions & {
  rule?: DirectRuleName | Rule;
  outputUnits?: number | readonly OutputUnits[];
};

/** A layer that hands the error at its input on to one below it. */
export interface ErrorHandler {
  readonly name: string;
  /** Whether it hands one on, in the backward pass that runs, to the use of that number of a layer below it. */
  isHanding(use: number): boolean;
}

/**
 * A hidden layer that learns from what the output sends straight to it, through feedback weights of its own; or to
 * another layer after it, which has them then and hands the error on.
 */
export abstract class DirectLayer extends BaseKernelLayer implements FeedbackTarget {
  readonly #links: OutputLinks;
  #feedbackTarget: (ErrorHandler & tf.layers.Layer) | undefined;

  /** @param factory what makes such a layer under any rule, for errors. */
  constructor(options: DirectOptions, kind: LayerKind, factory: string) {
    super(
      { ...options, rule: options.rule ?? "dfa" },
      kind,
      "output",
      (rule) =>
        `errors of the rule "${rule}" travel layer by layer; use ${factory}({ rule: "${rule}", … }).`,
    );
    this.#links = new OutputLinks(this.#linked(), options.outputUnits);
  }

  /** The layer as its links to output layers see it. */
  #linked() {
    return {
      name: this.name,
      addFeedback: (weight: string, units: number) => this.#addFeedback(weight, units),
      removeFeedback: (variable: tf.LayerVariable) => this.removeWeight(variable),
    };
  }

  get sources(): readonly ErrorSource[] {
    return this.#links.sources;
  }

  /** The feedback weights for each output layer. */
  get feedbackVariables(): OutputLinks["variables"] {
    return this.#links.variables;
  }

  override get feedbackWeights(): readonly tf.LayerVariable[] {
    return this.feedbackVariables.map(({ variable }) => variable);
  }

  override get variables() {
    const [first] = this.#links.variables;
    return { ...super.variables, ...(first === undefined ? {} : { feedback: first.variable }) };
  }

  /** The layer after it at which its error arrives; undefined where that is the layer itself. */
  get feedbackTarget(): tf.layers.Layer | undefined {
    return this.#feedbackTarget;
  }

  learnFrom(source: ErrorSource, attached: () => boolean): void {
    this.#links.connect(source, attached);
    this.#forgetFeedbackTarget();
    if (!this.built) return;
    this.drawWeights();
    this.buildFeedback();
  }

  /** Lets a layer that has been taken off the model no longer hand errors on. */
  #forgetFeedbackTarget(): void {
    if (this.#feedbackTarget !== undefined && !isAttached(this.#feedbackTarget))
      this.#feedbackTarget = undefined;
  }

  /**
   * Has the layer take the error that a layer after it hands on; models call it as they are put together.
   *
   * @param example shape of one example there, with null for extents that are not known.
   * @throws BioflaxError when another one does so already, or the layer has feedback weights of its own.
   */
  receiveAt(
    feedbackTarget: ErrorHandler & tf.layers.Layer,
    example: readonly (number | null)[],
  ): void {
    this.#forgetFeedbackTarget();
    if (this.#feedbackTarget !== undefined && this.#feedbackTarget !== feedbackTarget)
      this.fail(
        `its error arrives at two layers after it, "${this.#feedbackTarget.name}" and "${feedbackTarget.name}". Leave one of them out.`,
      );
    if (this.variables.feedback !== undefined)
      this.fail(
        `it has feedback weights of its own, and its error arrives at "${feedbackTarget.name}", which has them. Leave out its outputUnits.`,
      );
    this.#feedbackTarget = feedbackTarget;
    // Noise of what is put out there has its shape, which the layer itself does not know.
    if (this.rule.needsOutputTangent)
      this.needNoise(this.rule.noise?.(this.definition, example as Shape) ?? []);
  }

  protected override feedbackTargetOf(definition: KernelLayer): Shape {
    return receivingShape(definition);
  }

  protected override buildFeedback(): void {
    this.#links.addFeedback();
  }

  #addFeedback(weight: string, units: number): tf.LayerVariable | undefined {
    if (this.#feedbackTarget !== undefined) return undefined;
    const { definition, rule } = this;
    if (this.isDynamic && feedbackProjectionOf(definition) !== "broadcast")
      this.fail(
        "its error comes straight from the output to each element, and how many there are is not known, since extents of its input are not. " +
          'Give the model an inputShape in full, or the layer feedbackProjection: "broadcast", one feedback weight a channel.',
      );
    const shape = rule.route.feedbackShape(definition, units, receivingShape(definition)) as Shape;
    // Linking happens outside the scope that puts a name before the layer's weights'.
    const kernel = this.variables.kernel?.originalName ?? "";
    const scoped = this.built ? kernel.replace(/kernel$/, weight) : weight;
    return this.createVariable(
      "feedback",
      shape,
      rule.feedbackGradient !== undefined,
      weight,
      scoped,
    );
  }

  protected override feedback(): tf.Tensor | undefined {
    return this.#links.feedback();
  }

  /**
   * What the output tells. @throws BioflaxError when the layer that is to hand it on has no part in this backward pass.
   */
  #handed(delta: tf.Tensor, feedbackTarget: ErrorHandler, use: number): tf.Tensor {
    if (feedbackTarget.isHanding(use)) return delta;
    return this.fail(
      `its error arrives at "${feedbackTarget.name}", which had no part in this loss. Where the model goes on from another layer now, go on from that one, or ` +
        "freeze this layer: trainable = false.",
    );
  }

  protected override connect(): Connection {
    const { rule } = this;
    const reason = whyNotFit(rule);
    if (reason !== undefined) {
      const refuse = () => this.fail(reason);
      return { arriving: refuse, departing: refuse, outputError: refuse };
    }
    const use = numberUse();
    const signals = (batch: number) => this.#links.signals(batch, use);
    return {
      arriving: (delta, context) => {
        if (this.#feedbackTarget !== undefined)
          return this.#handed(delta, this.#feedbackTarget, use);
        const { error, target, weights } = signals(delta.shape[0] as number);
        const own = context();
        // Read again, because those of several outputs are put together anew for each pass.
        const at = { ...own, parameters: { ...own.parameters, feedback: this.feedback() } };
        return rule.route.signal(tfOps, {
          // Of a step from layer to layer, this route reads the lower end alone.
          above: { ...at, error },
          below: { ...at, feedbackTarget: receivingShape(at.layer) },
          output: {
            error,
            target: rule.needsTarget ? this.explaining(target) : undefined,
            get weights() {
              return weights();
            },
          },
        });
      },
      // Errors come straight from the output, so none is passed on: the chain rule below gets zeros.
      departing: (_error, input) => tf.zerosLike(input),
      outputError: (batch) => signals(batch).error,
    };
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { outputUnits } = this.#links;
    const isOwn = outputUnits !== undefined && this.#feedbackTarget === undefined;
    return { ...super.getConfig(), ...(isOwn ? { outputUnits: outputUnits as number } : {}) };
  }
}

/** A hidden dense layer that learns from what the output sends straight to it, through feedback weights of its own. */
export class DirectHidden extends DirectLayer {
  /** @nocollapse */
  static className = "BioflaxDenseDirectHidden";
  static override readonly optionNames: Readonly<Record<string, true>> = directDenseNames;
  readonly units: number;

  constructor(options: DirectHiddenOptions) {
    super(options, denseKind(options), "bioDense");
    this.units = options.units;
  }
}
tf.serialization.registerClass(DirectHidden as never);

/** A hidden convolution that learns from what the output sends straight to it, through feedback weights of its own. */
export class DirectConv2d extends DirectLayer {
  /** @nocollapse */
  static className = "BioflaxConv2dDirectHidden";
  static override readonly optionNames: Readonly<Record<string, true>> = directConv2dNames;

  constructor(options: DirectConv2dOptions) {
    super(options, conv2dKind(options), "bioConv2d");
  }
}
tf.serialization.registerClass(DirectConv2d as never);
