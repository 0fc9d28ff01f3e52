import type { ModulatedRuleName, Rule } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { sequentialConv2dNames, sequentialDenseNames } from "../base/option-names";
import type { Conv2dOptions, FeedbackOptions, KernelFeedbackOptions } from "../base/options";
import type { Connection } from "./apply-kernel-layer";
import { BaseKernelLayer } from "./kernel-layer";
import { conv2dKind, denseKind, type LayerKind } from "./kinds";

/** What a layer is told that learns from a second pass of the data. */
export interface Modulated {
  /** The rule, by name or one of one's own. */
  rule: ModulatedRuleName | Rule;
  /**
   * Of the first layer with a kernel: the shape of F, by which the output's error reaches the data, [inputs, outputs], or
   * [channels, outputs] where the layer's `feedbackProjection` is `broadcast`. Models made of a network's spec tell it.
   */
  modulation?: readonly [inputs: number, outputs: number];
}

/** Options of a dense layer that learns from a second pass of the data. */
export interface ModulatedDenseOptions extends FeedbackOptions, Modulated {}

/** Options of a convolution that learns from a second pass of the data. */
export interface ModulatedConv2dOptions extends Conv2dOptions, Modulated {}

/**
 * A layer under a rule by which a network learns from a second pass of its data. Its forward pass and its weights are as
 * any layer's; TensorFlow.js's tape knows of no second pass, so that core's step trains it and `fit` does not.
 */
export abstract class ModulatedLayer extends BaseKernelLayer {
  readonly #modulation: Modulated["modulation"];

  constructor({ modulation, ...options }: KernelFeedbackOptions & Modulated, kind: LayerKind) {
    super(
      options,
      kind,
      "input",
      (rule) =>
        `the rule "${rule}" sends no data through the model a second time. Use bioDense or bioConv2d.`,
    );
    this.#modulation = modulation;
  }

  protected override buildFeedback(): void {
    if (this.#modulation != null) this.addOnlyFeedback({ feedback: this.#modulation });
  }

  protected override connect(): Connection {
    const refuse = () =>
      this.fail(
        `the rule "${this.rule.name}" sends the data through the whole model a second time, which fit cannot. Train a model made by fromSpec or bioNetwork ` +
          "with trainModel, or with the command.",
      );
    return { arriving: refuse, departing: refuse, outputError: refuse };
  }

  override getConfig(): tf.serialization.ConfigDict {
    const modulation = this.#modulation;
    return { ...super.getConfig(), ...(modulation != null && { modulation: [...modulation] }) };
  }
}

/** A dense layer under a rule by which a network learns from a second pass of its data. */
export class ModulatedDense extends ModulatedLayer {
  /** @nocollapse */
  static className = "BioflaxDenseModulated";
  static override readonly optionNames: Readonly<Record<string, true>> = {
    ...sequentialDenseNames,
    modulation: true,
  };
  readonly units: number;

  constructor(options: ModulatedDenseOptions) {
    super(options, denseKind(options));
    this.units = options.units;
  }
}
tf.serialization.registerClass(ModulatedDense as never);

/** A convolution under a rule by which a network learns from a second pass of its data. */
export class ModulatedConv2d extends ModulatedLayer {
  /** @nocollapse */
  static className = "BioflaxConv2dModulated";
  static override readonly optionNames: Readonly<Record<string, true>> = {
    ...sequentialConv2dNames,
    modulation: true,
  };

  constructor(options: ModulatedConv2dOptions) {
    super(options, conv2dKind(options));
  }
}
tf.serialization.registerClass(ModulatedConv2d as never);
