import { getRule, type LayerParameters, type Rule, type Shape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { tfOps } from "../ops/tf-ops";
import { BaseDense } from "./base-dense";
import type { SequentialDenseOptions } from "./options";

/** A dense layer under a rule whose errors travel layer by layer: backpropagation, feedback alignment, Kolen-Pollack. */
export class SequentialDense extends BaseDense {
  /** @nocollapse */
  static className = "BioflaxDense";

  protected readonly rule: Rule;

  constructor(options: SequentialDenseOptions) {
    super(options);
    this.rule = this.explaining(() => getRule(options.rule));
    if (this.rule.route.source !== "above") {
      this.fail(
        `errors of the rule "${this.rule.name}" come straight from the output; use denseDFAHidden and denseDFAOutput.`,
      );
    }
  }

  protected override feedbackShape(): Shape | undefined {
    return this.rule.hasFeedback
      ? this.rule.route.feedbackShape(this.layer, this.units, false)
      : undefined;
  }

  protected override connect(parameters: LayerParameters<tf.Tensor>) {
    const { layer, rule } = this;
    return {
      arriving: (delta: tf.Tensor) => delta,
      // Of a step from layer to layer, this route reads the upper end alone.
      departing: (error: tf.Tensor) =>
        rule.route.signal(tfOps, rule, {
          above: { layer, parameters, error },
          below: { layer, parameters },
          outputError: error,
        }),
    };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rule: this.rule.name };
  }
}
tf.serialization.registerClass(SequentialDense as never);
