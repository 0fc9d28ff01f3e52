import type { KernelLayer } from "../layers/layer";
import type { KernelLayerSpec } from "../layers/specs";
import { returned } from "../ops/returned";
import { sizeOf } from "../ops/shapes";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import { errorProjectionOf, projectedError } from "./error-projection";
import { feedbackOf, type LayerContext, type OutputSignals } from "./rule";

/**
 * Where the errors come from that layers learn from: the layer above, the network's output, or a second pass of the
 * data with the output's error in them.
 */
export type SourceOfErrors = "above" | "output" | "input";

/** The way error signals take through a network. */
export interface Route<Source extends SourceOfErrors = SourceOfErrors> {
  /** What it is called in prose. */
  readonly name: string;
  /** Whose error a signal is made from: that of the layer above, or, in the other two, that of the network's output. */
  readonly source: Source;
  /**
   * The shape of a layer's feedback weights, or undefined where the route needs none.
   *
   * @param outputs how many outputs the network has.
   * @param feedbackTarget shape of what receives errors straight from the output, without the batch: the layer's
   *   output, or that of the pooling and the like that follows it, or of the first layer with a kernel the network's
   *   input; undefined where nothing does.
   */
  feedbackShape(
    layer: KernelLayer,
    outputs: number,
    feedbackTarget: Shape | undefined,
  ): Shape | undefined;
  /**
   * An error signal δ that takes this route: at the input of `above`, [batch, ...its input], or at the feedback target
   * of `below`.
   *
   * @param at.below the layer the signal is for, with the shape of its feedbackTarget.
   * @param at.above a layer above, with `error`, the error signal at its pre-activation.
   * @param at.output what the network's output tells.
   */
  signal<T>(
    ops: TensorOps<T>,
    at: {
      readonly below: LayerContext<T> & { readonly feedbackTarget: Shape };
      readonly above: LayerContext<T> & { readonly error: T };
      readonly output: OutputSignals<T>;
    },
  ): T;
  /**
   * What a feedback target put out, [batch, ...feedbackTarget], with one number for each of a layer's feedback rows:
   * [batch, units].
   */
  targetOutput<T>(ops: TensorOps<T>, layer: KernelLayer, output: T): T;
  /**
   * Whether a layer's transport carries an error to a layer that learns from it, rather than to the data.
   *
   * @param index how many layers after the first with a kernel it is.
   */
  teaches(index: number): boolean;
  /**
   * The matrix of forward weights that a layer's transport stands in for, of the transport's shape; undefined where
   * the layer has none.
   *
   * @param contexts every layer of the network, from the input to the output; undefined for those without a kernel.
   * @param index which of them.
   */
  forwardEquivalent<T>(
    ops: TensorOps<T>,
    contexts: readonly (LayerContext<T> | undefined)[],
    index: number,
  ): T | undefined;
}

/** Layer by layer: δ below = e·Mᵀ, where M is the transport of the layer above under that layer's own rule. */
export const sequential: Route<"above"> = {
  name: "sequential",
  source: "above",
  feedbackShape: (layer) => layer.kernelShape,
  signal(ops, { above }) {
    const { layer, rule, error } = above;
    // Two narrow products in the place of one with the product of both matrices.
    if (rule.errorProjection !== undefined)
      return layer.backproject(
        ops,
        feedbackOf(above),
        projectedError(ops, errorProjectionOf(above), error),
      );
    const transport = returned(
      ops,
      rule.transport(ops, above),
      layer.kernelShape,
      `Rule "${rule.name}": transport`,
    );
    return layer.backproject(ops, transport, error);
  },
  targetOutput: (_ops, _layer, output) => output,
  teaches: (index) => index > 0,
  forwardEquivalent: (_ops, contexts, index) => contexts[index]?.parameters.kernel,
};

/** How errors straight from the output reach a layer's feedback target, where its spec says nothing else. */
export const feedbackProjectionOf = ({
  spec,
  recurrence,
}: KernelLayer): NonNullable<KernelLayerSpec["feedbackProjection"]> =>
  spec.feedbackProjection ?? (recurrence === undefined ? "dense" : "broadcast");

/** Whether errors reach a layer's feedback target by one feedback weight a channel, the same at every place. */
const broadcasts = (layer: KernelLayer, feedbackTarget: Shape) =>
  feedbackProjectionOf(layer) === "broadcast" && feedbackTarget.length > 1;

/** Straight from the output: δ = e·Bᵀ, where e is what the output sends and B, [units, outputs], the layer's own. */
export const direct: Route<"output"> = {
  name: "direct",
  source: "output",
  feedbackShape: (layer, outputs, feedbackTarget) =>
    feedbackTarget && [
      broadcasts(layer, feedbackTarget)
        ? (feedbackTarget.at(-1) as number)
        : sizeOf(feedbackTarget),
      outputs,
    ],
  signal(ops, { below, output }) {
    const { layer, rule, feedbackTarget } = below;
    const errorShape = ops.shape(output.error);
    const outputs = errorShape.at(-1) as number;
    const outputSignal =
      rule.outputSignal === undefined
        ? output.error
        : returned(
            ops,
            rule.outputSignal(ops, output),
            errorShape,
            `Rule "${rule.name}": outputSignal`,
          );
    const transport = returned(
      ops,
      rule.transport(ops, below),
      direct.feedbackShape(layer, outputs, feedbackTarget) as Shape,
      `Rule "${rule.name}": transport`,
    );
    const sent = ops.matMul(outputSignal, transport, { transposeB: true });
    if (feedbackTarget.length === 1) return sent;
    const [batch] = ops.shape(sent) as [number];
    if (!broadcasts(layer, feedbackTarget)) return ops.reshape(sent, [batch, ...feedbackTarget]);
    const everywhere = feedbackTarget.map((extent, axis) =>
      axis === feedbackTarget.length - 1 ? extent : 1,
    );
    return ops.broadcastTo(ops.reshape(sent, [batch, ...everywhere]), [batch, ...feedbackTarget]);
  },
  targetOutput(ops, layer, output) {
    const [batch, ...feedbackTarget] = ops.shape(output) as [number, ...number[]];
    if (feedbackTarget.length === 1) return output;
    return broadcasts(layer, feedbackTarget)
      ? ops.sum(
          output,
          feedbackTarget.slice(1).map((_, axis) => axis + 1),
        )
      : ops.reshape(output, [batch, sizeOf(feedbackTarget)]);
  },
  teaches: () => true,
  // The way up from the layer to the output, with the activations between left out: W of the next layer · … · W of the
  // last.
  forwardEquivalent<T>(
    ops: TensorOps<T>,
    contexts: readonly (LayerContext<T> | undefined)[],
    index: number,
  ) {
    const above = contexts.slice(index + 1);
    const isDense = (context: LayerContext<T> | undefined) =>
      context?.layer.kernelShape.length === 2 &&
      context.layer.recurrence === undefined &&
      context.layer.symbols === undefined;
    // The last state of a recurrent layer goes up as any layer's output does.
    const own = contexts[index]?.layer;
    const isLastState =
      own?.recurrence !== undefined &&
      own.outputShape.length === 1 &&
      broadcasts(own, own.recurrence.statesShape);
    if (!above.every(isDense) || !(isLastState || isDense(contexts[index]))) return undefined;
    const kernels = above.map(
      (context) => (context as NonNullable<typeof context>).parameters.kernel,
    );
    const last = kernels.pop();
    // From the last on: the products are narrow, and those of the layers above, which a graph has but once.
    return last === undefined
      ? undefined
      : kernels.reduceRight((product, kernel) => ops.matMul(kernel, product), last);
  },
};

/**
 * By the input of a second pass: what the output sends, e·Fᵀ, is added to the data, through F, [inputs, outputs], of
 * the first layer with a kernel; and every layer learns from what that changes in it.
 */
export const modulated: Route<"input"> = {
  ...direct,
  name: "modulated",
  source: "input",
  teaches: () => false,
  // F stands for no product of kernels: it leads from the output to the data, and they from there to the output.
  forwardEquivalent: () => undefined,
};
