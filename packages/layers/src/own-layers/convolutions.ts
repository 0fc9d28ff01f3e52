import type { KernelOptions, LayerSpec, RuleName } from "@bioflax/core";
import { isChannelsLast } from "../base/channels-last";
import type { BioDenseOptions, Conv2dOptions } from "../base/options";
import { bioConv2d } from "../kernel-layers/factories";
import { bioLayer } from "./own-layer";

/** What only layers of a type are told. */
type Own<Type extends LayerSpec["type"]> = Omit<
  Extract<LayerSpec, { readonly type: Type }>,
  keyof KernelOptions | "type"
>;

/** What convolutions take under any rule. */
interface Shared
  extends Omit<BioDenseOptions, "units" | "inputDim">,
    Pick<Conv2dOptions, "dataFormat"> {}

/** Options of {@link bioConv1d}. */
export interface BioConv1dOptions extends Shared, Own<"conv1d"> {}

/** Options of {@link bioDepthwiseConv2d}. */
export interface BioDepthwiseConv2dOptions extends Shared, Own<"depthwiseConv2d"> {}

/** Options of {@link bioConv2dTranspose}. */
export interface BioConv2dTransposeOptions extends Shared, Own<"conv2dTranspose"> {}

/** Options of {@link bioSeparableConv2d}. */
export interface BioSeparableConv2dOptions extends BioDepthwiseConv2dOptions {
  /** How many filters, and so channels that come out. */
  readonly filters: number;
}

/** A layer of such a type, under any rule. */
type Made = ReturnType<typeof bioLayer>;

/** A convolution of a type; channels are last, which TensorFlow.js's own may be told, too. */
function convolution<Options extends Shared>(type: string, options: Options): Made {
  const { dataFormat: _dataFormat, ...others } = options;
  return bioLayer(type, (isChannelsLast(options) ? others : options) as { rule: RuleName });
}

/**
 * A convolution along the steps of a sequence that learns by any of core's rules.
 *
 * @param options as `tf.layers.conv1d` takes them, and those of `bioDense`. Input [batch, steps, in], output [batch,
 *   steps, filters].
 * @throws BioflaxError for a bad option, or a layer that cannot learn by the rule.
 * @example
 * bioConv1d({ rule: "fa", filters: 16, kernelSize: 5, activation: "relu", inputShape: [128, 1] });
 */
export const bioConv1d = (options: BioConv1dOptions): Made => convolution("conv1d", options);

/**
 * A convolution of each channel of images by itself that learns by any of core's rules; its kernel, and what stands for
 * it on the way back, is [rows, columns, in, depthMultiplier].
 *
 * @param options as `tf.layers.depthwiseConv2d` takes them, but that its kernel's are `kernelInitializer` and the like,
 *   and those of `bioDense`. Input [batch, height, width, in], output [batch, rows, columns, in · depthMultiplier].
 * @throws BioflaxError for a bad option, or a layer that cannot learn by the rule.
 * @example
 * bioDepthwiseConv2d({ rule: "usf", kernelSize: 3, padding: "same", inputShape: [32, 32, 16] });
 */
export const bioDepthwiseConv2d = (options: BioDepthwiseConv2dOptions): Made =>
  convolution("depthwiseConv2d", options);

/**
 * The transpose of a convolution over images, which makes them larger, that learns by any of core's rules.
 *
 * @param options as `tf.layers.conv2dTranspose` takes them, and those of `bioDense`. Input [batch, height, width, in],
 *   output [batch, rows, columns, filters].
 * @throws BioflaxError for a bad option, or a layer that cannot learn by the rule.
 * @example
 * bioConv2dTranspose({ rule: "fa", filters: 8, kernelSize: 3, strides: 2, padding: "same", inputShape: [7, 7, 16] });
 */
export const bioConv2dTranspose = (options: BioConv2dTransposeOptions): Made =>
  convolution("conv2dTranspose", options);

/**
 * A separable convolution: a depthwise convolution without bias, and one of 1×1 after it, two layers that each learn by
 * the rule, with feedback weights of their own.
 *
 * @param options as {@link bioDepthwiseConv2d} takes them, and `filters`. A `name` is the second's, the first's is that
 *   with `_depthwise`.
 * @returns both, to be put one after the other.
 * @throws BioflaxError for a bad option, or a layer that cannot learn by the rule.
 * @example
 * const model = tf.sequential({
 *   layers: [...bioSeparableConv2d({ rule: "fa", filters: 32, kernelSize: 3, inputShape: [32, 32, 3] }), tf.layers.flatten()],
 * });
 */
export function bioSeparableConv2d(
  options: BioSeparableConv2dOptions,
): [depthwise: Made, pointwise: ReturnType<typeof bioConv2d>] {
  const { filters, kernelSize, strides, padding, dilationRate, depthMultiplier, ...shared } =
    options;
  const { activation, useBias, biasInitializer, biasRegularizer, biasConstraint, ...first } =
    shared;
  const { inputShape: _shape, batchInputShape: _batch, batchSize: _size, ...second } = shared;
  const given = Object.fromEntries(
    Object.entries({ strides, padding, dilationRate, depthMultiplier }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return [
    bioDepthwiseConv2d({
      ...first,
      ...given,
      ...(shared.name !== undefined && { name: `${shared.name}_depthwise` }),
      kernelSize,
      useBias: false,
    }),
    bioConv2d({ ...second, filters, kernelSize: 1 }),
  ];
}
