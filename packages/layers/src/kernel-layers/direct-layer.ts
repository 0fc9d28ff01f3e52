import type { RuleName, Shape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { type ErrorReceiver, type ErrorSource, OutputLink } from "../direct/output-link";
import { tfOps } from "../ops/tf-ops";
import type { Connection } from "./apply-kernel-layer";
import { BaseKernelLayer } from "./kernel-layer";
import { conv2dKind, denseKind, type LayerKind } from "./kinds";
import type { DirectConv2dOptions, DirectHiddenOptions, KernelFeedbackOptions } from "./options";

type DirectOptions = KernelFeedbackOptions & { rule?: RuleName; outputUnits?: number };

/**
 * A hidden layer that learns from what the output sends straight to it, through feedback weights of its own; or to another
 * layer after it, which has them then and hands the error on.
 */
export abstract class DirectLayer extends BaseKernelLayer implements ErrorReceiver {
  readonly #link: OutputLink;
  #receiver: { readonly name: string } | undefined;

  /** @param factory what makes such a layer under any rule, for errors. */
  constructor(options: DirectOptions, kind: LayerKind, factory: string) {
    super(
      { ...options, rule: options.rule ?? "dfa" },
      kind,
      "output",
      (rule) =>
        `errors of the rule "${rule}" travel layer by layer; use ${factory}({ rule: "${rule}", … }).`,
    );
    this.#link = new OutputLink(this.name, options.outputUnits);
  }

  get source(): ErrorSource | undefined {
    return this.#link.source;
  }

  /** The layer after it at which its error arrives; undefined where that is the layer itself. */
  get receiver(): { readonly name: string } | undefined {
    return this.#receiver;
  }

  learnFrom(source: ErrorSource): void {
    this.#link.connect(source);
    // Linking happens outside the scope that puts the layer's name before its weights'.
    if (this.built && this.variables.feedback === undefined)
      this.addFeedback(`${this.name}/feedback`);
  }

  /**
   * Has the layer take the error that a layer after it hands on; models call it as they are put together.
   *
   * @throws BioflaxError when another one does so already, or the layer has feedback weights of its own.
   */
  receiveAt(receiver: { readonly name: string }): void {
    if (this.#receiver !== undefined && this.#receiver !== receiver)
      this.fail(
        `its error arrives at two layers after it, "${this.#receiver.name}" and "${receiver.name}". Leave one of them out.`,
      );
    if (this.variables.feedback !== undefined)
      this.fail(
        `it has feedback weights of its own, and its error arrives at "${receiver.name}", which has them. Leave out its outputUnits.`,
      );
    this.#receiver = receiver;
  }

  protected override feedbackShape(): Shape | undefined {
    const { outputUnits } = this.#link;
    if (outputUnits === undefined || this.#receiver !== undefined) return undefined;
    const { definition, rule } = this;
    return rule.route.feedbackShape(definition, outputUnits, definition.outputShape);
  }

  protected override connect(): Connection {
    const { rule } = this;
    const signals = (batch: number) => this.#link.signals(batch);
    return {
      arriving: (delta, site) => {
        if (this.#receiver !== undefined) return delta;
        const { error, target, weights } = signals(delta.shape[0] as number);
        const at = site();
        return rule.route.signal(tfOps, {
          // Of a step from layer to layer, this route reads the lower end alone.
          above: { ...at, error },
          below: { ...at, receiver: at.layer.outputShape },
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
    const { outputUnits } = this.#link;
    const isOwn = outputUnits !== undefined && this.#receiver === undefined;
    return { ...super.getConfig(), ...(isOwn ? { outputUnits } : {}) };
  }
}

/** A hidden dense layer that learns from what the output sends straight to it, through feedback weights of its own. */
export class DirectHidden extends DirectLayer {
  /** @nocollapse */
  static className = "BioflaxDenseDirectHidden";
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

  constructor(options: DirectConv2dOptions) {
    super(options, conv2dKind(options), "bioConv2d");
  }
}
tf.serialization.registerClass(DirectConv2d as never);
