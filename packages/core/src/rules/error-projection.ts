import type { InitializerSpec } from "../initializers/registry";
import type { KernelLayer } from "../layers/layer";
import { byLastAxis } from "../ops/last-axis";
import { sizeOf } from "../ops/shapes";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import { type FeedbackGradientInputs, feedbackOf, type LayerContext, type Rule } from "./rule";

/**
 * Weights P, [units of its own, what sends], by which an error e first goes to units of its own, e·Pᵀ, and from there
 * by the feedback weights Q, [what receives, units of its own], so that Q·P carries it.
 */
export interface ErrorProjection {
  /** How many units of its own there are. */
  units(layer: KernelLayer): number;
  /** How P starts. */
  readonly initializer: InitializerSpec;
  /** The gradient that teaches P, for the optimizer; a rule without it leaves P as it starts. */
  gradient?<T>(
    ops: TensorOps<T>,
    inputs: {
      readonly projection: T;
      /** The error e at the layer's pre-activation, [batch, ...output]. */
      readonly error: T;
    },
  ): T;
}

/** How many units a layer has, or each of its groups: their errors go through one projection, group by group. */
export const unitsOfGroup = ({ kernelShape, unitsAxis, groups }: KernelLayer): number =>
  (kernelShape[unitsAxis] as number) / groups;

/** The shape of a layer's feedback weights under its rule, and of its error projection; undefined where it has none. */
export function feedbackShapesOf(
  { hasFeedback, route, errorProjection }: Rule,
  layer: KernelLayer,
  outputs: number,
  feedbackTarget: Shape | undefined,
): { readonly feedback?: Shape | undefined; readonly errorProjection?: Shape | undefined } {
  const shape = hasFeedback ? route.feedbackShape(layer, outputs, feedbackTarget) : undefined;
  if (shape === undefined || errorProjection === undefined) return { feedback: shape };
  const units = errorProjection.units(layer);
  return {
    feedback: shape.with(layer.unitsAxis, layer.groups * units),
    errorProjection: [units, unitsOfGroup(layer)],
  };
}

/**
 * What teaches a layer's error projection: its rule's gradient, if the layer sends errors on; undefined where it stays as
 * it starts. A layer of symbols sends none: nothing would read what its own had learnt, but it might grow without bound.
 */
export const projectionGradientOf = (
  { errorProjection }: Pick<Rule, "errorProjection">,
  { symbols }: Pick<KernelLayer, "symbols">,
): ErrorProjection["gradient"] =>
  symbols === undefined ? errorProjection?.gradient?.bind(errorProjection) : undefined;

/**
 * The error projection of a layer that must have one.
 *
 * @throws Error when there is none, which is a bug in the caller and not in its input.
 */
export function errorProjectionOf<T>({
  parameters: { errorProjection },
}: Pick<LayerContext<T>, "parameters">): T {
  if (errorProjection === undefined)
    throw new Error("This layer has no error projection under its rule.");
  return errorProjection;
}

/** e·Pᵀ at each place: [batch, …, units] → [batch, …, units of its own]. */
export const projectedError = <T>(ops: TensorOps<T>, projection: T, error: T): T =>
  byLastAxis(ops, error, projection, { transposeB: true });

/** Q·P, of the shape that a matrix which carries an error at once would have. */
export function factoredTransport<T>(ops: TensorOps<T>, context: LayerContext<T>): T {
  const { kernelShape, unitsAxis } = context.layer;
  const [feedback, projection] = [feedbackOf(context), errorProjectionOf(context)];
  if (unitsAxis === kernelShape.length - 1) return byLastAxis(ops, feedback, projection);
  // Units before what they take in, as in a transposed convolution: Pᵀ·Qᵀ at each place of the kernel.
  const [own, inputs] = ops.shape(feedback).slice(-2) as [number, number];
  const places = sizeOf(kernelShape.slice(0, -2));
  const each = ops.reshape(feedback, [places, own, inputs]);
  return ops.reshape(ops.batchMatMul(projection, each, { transposeA: true }), kernelShape);
}

/**
 * hᵀ·(e·Pᵀ) = ∂W·Pᵀ: with weight decay on both, Q converges to W·Pᵀ, as Kolen-Pollack's B does to W, and so Q·P to
 * W·PᵀP.
 */
export const factoredGradient = <T>(
  ops: TensorOps<T>,
  { context, input, error }: FeedbackGradientInputs<T>,
): T =>
  context.layer.kernelGradient(ops, input, projectedError(ops, errorProjectionOf(context), error));
