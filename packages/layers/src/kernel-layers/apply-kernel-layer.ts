import {
  errorsOf,
  feedbackGradientOf,
  type KernelLayer,
  type KernelParameters,
  type LayerContext,
  mirroredFeedback,
  projectionGradientOf,
  type Rule,
  type TensorOps,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { asItIs } from "../base/assign-all";
import { defineKernel } from "../ops/define-kernel";
import { tfOps } from "../ops/tf-ops";

/** The layer as its rule sees it in one use: with that use's own noise and feedback weights. Made anew at each call. */
type SiteOfUse = () => LayerContext<tf.Tensor>;

/** How a layer is connected to the others' errors, which is where routes differ. */
export interface Connection {
  /**
   * The error signal at the layer's output, given the one TensorFlow.js's chain rule brings. Both [batch, ...output].
   */
  arriving(delta: tf.Tensor, context: SiteOfUse): tf.Tensor;
  /**
   * The error signal at the layer's input, [batch, ...input], given the error at its pre-activation, [batch,
   * ...output].
   */
  departing(error: tf.Tensor, input: tf.Tensor, context: SiteOfUse): tf.Tensor;
  /**
   * The error at the pre-activation of the network's last layer, [batch, outputs], for feedback that learns from it.
   */
  outputError(batch: number): tf.Tensor;
  /**
   * Told the error at the pre-activation as soon as it is known.
   *
   * @param storage of the layer's output: what a loss of that very output knows it by.
   */
  publish?(error: tf.Tensor, storage: object): void;
}

/** One use of a layer. */
export interface Application extends Connection {
  readonly layer: KernelLayer;
  readonly rule: Rule;
  /** The layer's weights, as variables. */
  readonly parameters: KernelParameters<tf.Tensor>;
  /** The random numbers of the step this use belongs to, whenever it is asked: new tensors. */
  noise(): readonly tf.Tensor[];
  /** Whether the rule has feedback weights mirror the kernel, and whether they do so in this use. */
  readonly mirrors: { readonly ever: boolean; readonly now: boolean };
  /** What the forward pass is computed with. */
  readonly ops: TensorOps<tf.Tensor>;
  /** Whether any of the layer's own weights learn. */
  readonly learns: boolean;
  /** @throws BioflaxError: nothing is learnt from no examples, and some backends give NaN for sums over none. */
  refuseEmpty(): never;
  /** Where the output is stored; set by the forward pass, because the saved output may be a copy. */
  storage?: object;
}

function siteOf(
  { layer, rule, parameters, noise }: Application,
  feedback = parameters.feedback,
): LayerContext<tf.Tensor> {
  return { layer, rule, parameters: { ...parameters, feedback, noise: noise() } };
}

/**
 * The layer's maths as one differentiable operation: inputs `input`, `kernel`, and as they are there `bias`,
 * `errorProjection`, `feedback`.
 *
 * Its outputs are the layer's output, the pre-activation, where feedback weights mirror the kernel, those of this use:
 * the variable may have others by the time of the backward pass, because each training use of a layer mirrors again; and
 * what else the layer keeps for its backward pass.
 */
export const applyKernelLayer = defineKernel<Application>({
  name: "BioflaxKernelLayer",
  inputsToSave: ["input"],
  outputsToSave: "all",
  forward({ input, kernel, bias }, application) {
    const { layer, parameters, ops, mirrors } = application;
    const {
      output,
      preactivation,
      kept = [],
    } = layer.forward(ops, { kernel: kernel as tf.Tensor, bias }, input as tf.Tensor);
    application.storage = output.dataId;
    if (!mirrors.ever) return [output, preactivation, ...kept];
    const before = parameters.feedback as tf.Tensor;
    // No variable, because none must come out of an operation that it goes into.
    const mirrored = asItIs(
      mirrors.now ? mirroredFeedback(ops, siteOf(application), before.shape) : before,
    );
    return [output, preactivation, mirrored, ...kept];
  },
  backward(delta, saved, application) {
    const { layer, rule, parameters, mirrors } = application;
    const { recurrence } = layer;
    const [input, output, preactivation, ...others] = saved as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      ...tf.Tensor[],
    ];
    const feedback = mirrors.ever ? others.shift() : undefined;
    const residuals = { input, output, preactivation, kept: others };
    if (delta.shape[0] === 0) application.refuseEmpty();
    const context = () => siteOf(application, feedback);
    const arriving = application.arriving(delta, context);
    const error =
      recurrence === undefined
        ? layer.preActivationGradient(tfOps, residuals, arriving)
        : errorsOf(tfOps, context(), residuals, arriving).error;
    application.publish?.(error, application.storage as object);
    const gradients = () => layer.gradients(tfOps, residuals, error);
    // Computed here rather than when first asked for, because whatever that call allocates ends with it.
    const shared = application.learns ? gradients() : undefined;
    const own = () => shared ?? gradients();
    return {
      input: () => application.departing(error, input, context),
      kernel: () => own().kernel,
      bias: () => own().bias as tf.Tensor,
      feedback() {
        if (rule.feedbackGradient === undefined)
          return tf.zerosLike(parameters.feedback as tf.Tensor);
        const { kernel } = own();
        const gradient = feedbackGradientOf(tfOps, rule, (parameters.feedback as tf.Tensor).shape, {
          get context() {
            return context();
          },
          input: recurrence?.kernelInput(tfOps, residuals) ?? input,
          error,
          kernelGradient: kernel,
          output: rule.route.targetOutput(
            tfOps,
            layer,
            recurrence?.states(tfOps, residuals) ?? output,
          ),
          get outputError() {
            return application.outputError(output.shape[0] as number);
          },
        });
        // TensorFlow.js disposes gradients one by one, so no two may be one tensor.
        return gradient === kernel ? gradient.clone() : gradient;
      },
      errorProjection() {
        const projection = parameters.errorProjection as tf.Tensor;
        const gradient = projectionGradientOf(rule, layer);
        return gradient?.(tfOps, { projection, error }) ?? tf.zerosLike(projection);
      },
    };
  },
});
