import { DirectHidden } from "./direct-hidden";
import { DirectOutput } from "./direct-output";
import type { DenseOptions, DirectHiddenOptions, FeedbackOptions } from "./options";
import { SequentialDense } from "./sequential-dense";

/**
 * A dense layer that learns by backpropagation: what `tf.layers.dense` does, initialised as the others here.
 *
 * y = φ(x·W + b); with e = φ′(a) ⊙ δ: ∂W = xᵀ·e, ∂b = Σ e, and e·Wᵀ goes to the layer below.
 *
 * @param options as `tf.layers.dense` takes them. Input [batch, …, in], output [batch, …, units].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function denseBP(options: DenseOptions): SequentialDense {
  return new SequentialDense({ ...options, rule: "bp" });
}

/**
 * A dense layer that learns by feedback alignment: a fixed random B, [in, units], stands where backpropagation has W.
 *
 * y = φ(x·W + b); with e = φ′(a) ⊙ δ: ∂W = xᵀ·e, ∂b = Σ e, and e·Bᵀ goes to the layer below. B is a non-trainable weight.
 *
 * Lillicrap, Cownden, Tweed & Akerman 2016, Nature Communications 7, 13276.
 *
 * @param options as `tf.layers.dense` takes them, and `feedbackInitializer`. Input [batch, …, in], output [batch, …, units].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function denseFA(options: FeedbackOptions): SequentialDense {
  return new SequentialDense({ ...options, rule: "fa" });
}

/**
 * A dense layer that learns by Kolen-Pollack: feedback weights B, [in, units], learn with the kernel's own gradient.
 *
 * y = φ(x·W + b); with e = φ′(a) ⊙ δ: ∂W = ∂B = xᵀ·e, ∂b = Σ e, and e·Bᵀ goes to the layer below. With the weight decay of
 * {@link optimizer}, B converges to W.
 *
 * Akrout, Wilson, Humphreys, Lillicrap & Tweed 2019, NeurIPS 32, equations 16–18.
 *
 * @param options as `tf.layers.dense` takes them, and `feedbackInitializer`. Input [batch, …, in], output [batch, …, units].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function denseKP(options: FeedbackOptions): SequentialDense {
  return new SequentialDense({ ...options, rule: "kp" });
}

/**
 * A hidden dense layer that learns by direct feedback alignment, from the error e of the model's {@link denseDFAOutput}.
 *
 * y = φ(x·W + b); with δ = φ′(a) ⊙ e·Bᵀ: ∂W = xᵀ·δ, ∂b = Σ δ. B, [units, outputs], is fixed and random, a non-trainable weight.
 * Nothing goes to the layer below: layers of other kinds below it do not learn.
 *
 * Nøkland 2016, NeurIPS 29, equation 4.
 *
 * @param options as `tf.layers.dense` takes them, `feedbackInitializer`, and `outputUnits`, which the model tells where it can.
 * @throws BioflaxError for a bad option, naming the layer; in training, when no output layer's error reaches it.
 */
export function denseDFAHidden(options: DirectHiddenOptions): DirectHidden {
  return new DirectHidden(options);
}

/**
 * The output layer of a model of {@link denseDFAHidden} layers: it learns as in backpropagation and tells them its error.
 *
 * y = φ(x·W + b); with e = φ′(a) ⊙ δ: ∂W = xᵀ·e, ∂b = Σ e.
 *
 * @param options as `tf.layers.dense` takes them. Input [batch, …, in], output [batch, …, units].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function denseDFAOutput(options: DenseOptions): DirectOutput {
  return new DirectOutput(options);
}
