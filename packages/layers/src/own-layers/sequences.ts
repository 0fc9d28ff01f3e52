import type { KernelOptions, LayerSpec, RuleName } from "@bioflax/core";
import type { BioDenseOptions } from "../base/options";
import type { KernelFreeLayerOptions } from "../kernel-free-layers/kernel-free-layer";
import { bioLayer } from "./own-layer";

/** What only layers of a type are told. */
type Own<Type extends LayerSpec["type"]> = Omit<
  Extract<LayerSpec, { readonly type: Type }>,
  keyof KernelOptions | "type"
>;

/** Options of {@link bioEmbedding}. */
export interface BioEmbeddingOptions
  extends Omit<BioDenseOptions, "units" | "inputDim">,
    Own<"embedding"> {}

/** Options of {@link bioPositionEmbedding}. */
export interface BioPositionEmbeddingOptions
  extends KernelFreeLayerOptions,
    Own<"positionEmbedding"> {}

/** Options of {@link bioAttention}. */
export interface BioAttentionOptions extends KernelFreeLayerOptions, Own<"attention"> {}

/** Options of {@link bioCropping1d}. */
export interface BioCropping1dOptions extends KernelFreeLayerOptions, Own<"cropping1d"> {}

/** A layer of such a type. */
type Made = ReturnType<typeof bioLayer>;

/**
 * An embedding that learns by any of core's rules but those with a second pass of the data: a vector for each symbol's
 * number. It has no bias unless `useBias` is true.
 *
 * @param options `inputDim` and `outputDim` as `tf.layers.embedding` takes them, and those of `bioDense`, whose
 *   `kernelInitializer` is what is called `embeddingsInitializer` there. Input [batch, steps], whole numbers from 0 to
 *   below inputDim, output [batch, steps, outputDim].
 * @throws BioflaxError for a bad option, or a layer that cannot learn by the rule; when it is used, for a number that is
 *   no symbol's, on a GPU at its next use.
 * @example
 * bioEmbedding({ rule: "dfa", inputDim: 65, outputDim: 32, inputShape: [16] });
 */
export const bioEmbedding = (options: BioEmbeddingOptions): Made =>
  bioLayer("embedding", options as { rule: RuleName });

/**
 * A learnt vector for each step of a sequence, added to it, whatever rule the layers around it have.
 *
 * @param options `positionsInitializer`, one of bioflax's. Input and output [batch, steps, units].
 * @throws BioflaxError for a bad option, or an input that is no sequence, naming the layer.
 */
export const bioPositionEmbedding = (options: BioPositionEmbeddingOptions = {}): Made =>
  bioLayer("positionEmbedding", { ...options });

/**
 * Self-attention by scaled dot products, without weights: errors cross it by its own derivative, whatever rule the
 * layers around it have.
 *
 * Vaswani et al. 2017, NeurIPS 30, equation 1.
 *
 * @param options `heads`, and whether it is `causal`. Input [batch, steps, 3 · units], queries, keys and values beside
 *   each other, output [batch, steps, units].
 * @throws BioflaxError for a bad option, or heads that do not divide the units, naming the layer.
 * @example
 * [bioConv1d({ rule: "fa", filters: 3 * 32, kernelSize: 1 }), bioAttention({ heads: 4, causal: true })];
 */
export const bioAttention = (options: BioAttentionOptions = {}): Made =>
  bioLayer("attention", { ...options });

/**
 * A sequence without some of its first and last steps.
 *
 * @param options `cropping`: how many at each end, one number or [first, last]. Input [batch, steps, units], output
 *   [batch, fewer, units].
 * @throws BioflaxError for a bad option, or when no step is left, naming the layer.
 */
export const bioCropping1d = (options: BioCropping1dOptions = {}): Made =>
  bioLayer("cropping1d", { ...options });
