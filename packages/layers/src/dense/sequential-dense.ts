import type { Shape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { tfOps } from "../ops/tf-ops";
import { BaseDense } from "./base-dense";
import type { Connection } from "./dense-kernel";
import type { SequentialDenseOptions } from "./options";

/** A dense layer under a rule whose errors travel layer by layer, such as backpropagation or feedback alignment. */
export class SequentialDense extends BaseDense {
  /** @nocollapse */
  static className = "BioflaxDense";

  constructor(options: SequentialDenseOptions) {
    super(
      options,
      "above",
      (rule) =>
        `errors of the rule "${rule}" come straight from the output. Use bioDense({ rule: "${rule}", … }) for hidden layers, and for ` +
        "the output denseDFAOutput, whose own rule, if any, is one whose errors travel layer by layer.",
    );
  }

  protected override feedbackShape(): Shape | undefined {
    return this.rule.hasFeedback
      ? this.rule.route.feedbackShape(this.definition, this.units, false)
      : undefined;
  }

  protected override connect(): Connection {
    return {
      arriving: (delta) => delta,
      // Of a step from layer to layer, this route reads the upper end alone.
      departing(error, _input, site) {
        const at = site();
        const above = { ...at, error };
        return at.rule.route.signal(tfOps, { below: at, above, output: { error } });
      },
      outputError: () =>
        this.fail(
          `feedback weights of the rule "${this.rule.name}" learn from the output's error, which reaches only hidden layers that ` +
            "learn straight from the output.",
        ),
    };
  }
}
tf.serialization.registerClass(SequentialDense as never);
