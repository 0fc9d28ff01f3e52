import {
  Activation,
  type ActivationOptions,
  AveragePooling2d,
  BatchNormalization,
  type BatchNormalizationOptions,
  Dropout,
  type DropoutOptions,
  GlobalMaxPooling2d,
  type GlobalPooling2dOptions,
  LayerNormalization,
  type LayerNormalizationOptions,
  MaxPooling2d,
  type Pooling2dOptions,
  Prelu,
  type PreluOptions,
} from "./layers";

/**
 * The largest of each window; errors go to each window's first largest element, on every backend.
 *
 * @param options as `tf.layers.maxPooling2d` takes them. Input [batch, height, width, channels], output [batch, rows,
 *   columns, channels].
 * @throws BioflaxError for a bad option, or a window larger than the image, naming the layer.
 */
export function bioMaxPooling2d(options: Pooling2dOptions = {}): MaxPooling2d {
  return new MaxPooling2d(options);
}

/**
 * The mean of each window, padding not counted; errors go to all of its elements in equal parts, on every backend.
 *
 * @param options as `tf.layers.averagePooling2d` takes them. Input [batch, height, width, channels], output [batch,
 *   rows, columns, channels].
 * @throws BioflaxError for a bad option, or a window larger than the image, naming the layer.
 */
export function bioAveragePooling2d(options: Pooling2dOptions = {}): AveragePooling2d {
  return new AveragePooling2d(options);
}

/**
 * The largest of each channel; errors go to its first largest element, on every backend.
 *
 * @param options as `tf.layers.globalMaxPooling2d` takes them. Input [batch, height, width, channels], output [batch,
 *   channels].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function bioGlobalMaxPooling2d(options: GlobalPooling2dOptions = {}): GlobalMaxPooling2d {
  return new GlobalMaxPooling2d(options);
}

/**
 * Dropout whose masks depend on `seed`, the layer's name and the number of the step alone, the same in every engine of
 * bioflax's.
 *
 * In training y = x ⊙ m, where an element of m is 0 with probability `rate` and else 1 / (1 − rate); else y = x.
 *
 * Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014, JMLR 15.
 *
 * @param options `rate`, from 0 to below 1, and `seed`. Input and output [batch, …].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function bioDropout(options: DropoutOptions): Dropout {
  return new Dropout(options);
}

/**
 * An activation as a layer of its own, by any of bioflax's names: y = φ(x).
 *
 * @param options `activation`. Input and output [batch, …].
 * @throws BioflaxError for an unknown activation.
 */
export function bioActivation(options: ActivationOptions): Activation {
  return new Activation(options);
}

/**
 * Batch normalisation over all axes but the last, with or without γ and β: `tf.layers.batchNormalization` cannot be
 * trained without one of them.
 *
 * y = γ·(x − μ) / √(σ² + ε) + β, in training with the mean and variance of the batch, which the moving ones follow,
 * m ← momentum·m + (1 − momentum)·μ; else with the moving ones.
 *
 * Ioffe & Szegedy 2015, ICML 37.
 *
 * @param options as `tf.layers.batchNormalization` takes them, without `axis`, regularizers and constraints. Input and
 *   output [batch, …, channels].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function bioBatchNormalization(options: BatchNormalizationOptions = {}): BatchNormalization {
  return new BatchNormalization(options);
}

/**
 * A rectifier whose slopes are learned: y = x where x > 0, else α ⊙ x, with ∂α = Σ δ ⊙ min(x, 0), whatever rule the
 * layers around it have.
 *
 * He, Zhang, Ren & Sun 2015, ICCV, equations 1 and 8.
 *
 * @param options as `tf.layers.prelu` takes them, without regularizer and constraint. Input and output [batch, …].
 * @throws BioflaxError for a bad option, naming the layer.
 * @example
 * bioPrelu({ sharedAxes: [1, 2] }); // after a convolution: one slope a channel
 */
export function bioPrelu(options: PreluOptions = {}): Prelu {
  return new Prelu(options);
}

/**
 * Layer normalisation over the last axis, the same in training and in inference.
 *
 * y = γ ⊙ (x − μ) / √(σ² + ε) + β, with the mean and variance over the last axis of each example, and place, by itself.
 *
 * Ba, Kiros & Hinton 2016, arXiv 1607.06450.
 *
 * @param options as `tf.layers.layerNormalization` takes them, without `axis` and regularizers. Input and output
 *   [batch, …, units].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function bioLayerNormalization(options: LayerNormalizationOptions = {}): LayerNormalization {
  return new LayerNormalization(options);
}
