import { feedbackShapesOf } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { sequentialConv2dNames, sequentialDenseNames } from "../base/option-names";
import type {
  KernelFeedbackOptions,
  SequentialConv2dOptions,
  SequentialDenseOptions,
} from "../base/options";
import { tfOps } from "../ops/tf-ops";
import type { Connection } from "./apply-kernel-layer";
import { isModulated } from "./is-direct";
import { BaseKernelLayer } from "./kernel-layer";
import { conv2dKind, denseKind, type LayerKind } from "./kinds";

/** A layer under a rule whose errors travel layer by layer, such as backpropagation or feedback alignment. */
export abstract class SequentialLayer extends BaseKernelLayer {
  /** @param factory what makes such a layer under any rule, for errors. */
  constructor(
    options: KernelFeedbackOptions & Pick<SequentialDenseOptions, "rule">,
    kind: LayerKind,
    factory: string,
  ) {
    super(options, kind, "above", (rule) =>
      isModulated(rule)
        ? `layers under the rule "${rule}" learn from a second pass of the data, and this one does not. Make the model with fromSpec or bioNetwork.`
        : `errors of the rule "${rule}" come straight from the output. Use ${factory}({ rule: "${rule}", … }) for hidden layers, and for ` +
          "the output denseDFAOutput, whose own rule, if any, is one whose errors travel layer by layer.",
    );
  }

  protected override buildFeedback(): void {
    const { rule, definition } = this;
    const units = definition.outputShape.at(-1) as number;
    this.addOnlyFeedback(feedbackShapesOf(rule, definition, units, undefined));
  }

  protected override connect(): Connection {
    return {
      arriving: (delta) => delta,
      // Of a step from layer to layer, this route reads the upper end alone.
      departing(error, _input, context) {
        const at = context();
        const below = { ...at, feedbackTarget: at.layer.inputShape };
        const above = { ...at, error };
        return at.rule.route.signal(tfOps, { below, above, output: { error } });
      },
      outputError: () =>
        this.fail(
          `feedback weights of the rule "${this.rule.name}" learn from the output's error, which reaches only hidden layers that ` +
            "learn straight from the output.",
        ),
    };
  }
}

/** A dense layer under a rule whose errors travel layer by layer, such as backpropagation or feedback alignment. */
export class SequentialDense extends SequentialLayer {
  /** @nocollapse */
  static className = "BioflaxDense";
  static override readonly optionNames: Readonly<Record<string, true>> = sequentialDenseNames;
  readonly units: number;

  constructor(options: SequentialDenseOptions) {
    super(options, denseKind(options), "bioDense");
    this.units = options.units;
  }
}
tf.serialization.registerClass(SequentialDense as never);

/** A convolution under a rule whose errors travel layer by layer, such as backpropagation or feedback alignment. */
export class SequentialConv2d extends SequentialLayer {
  /** @nocollapse */
  static className = "BioflaxConv2d";
  static override readonly optionNames: Readonly<Record<string, true>> = sequentialConv2dNames;

  constructor(options: SequentialConv2dOptions) {
    super(options, conv2dKind(options), "bioConv2d");
  }
}
tf.serialization.registerClass(SequentialConv2d as never);
