import type {
  BioConv2dOptions,
  BioDenseOptions,
  DenseOptions,
  DirectHiddenOptions,
  DirectOutputOptions,
  FeedbackOptions,
} from "../base/options";
import { DirectConv2d, DirectHidden } from "./direct-layer";
import { DirectOutput } from "./direct-output";
import { isDirect, isModulated } from "./is-direct";
import { ModulatedConv2d, ModulatedDense } from "./modulated-layer";
import { SequentialConv2d, SequentialDense } from "./sequential-layer";

/**
 * A dense layer that learns by any of core's rules.
 *
 * y = φ(x·W + b); with e = φ′(a) ⊙ δ: ∂W = xᵀ·e, ∂b = Σ e. The rule says where δ comes from, and what stands for W on
 * the way:
 *
 * - `bp`, `fa`, `kp`, `wm`, `pfa`, `ldfa`, `usf`, `frsf`, `brsf`: δ comes from the layer above, and e·Mᵀ goes to the one
 *   below, where M, of W's shape, is W itself, fixed, taught by the kernel's gradient, mirrored from W with noise before
 *   each step, a product Q·P with a larger or a smaller number of units between, or W's signs with one magnitude, with
 *   fixed ones, with new ones at each step.
 * - `dfa`, `sdfa`, `dkp`, `drtp`: the layer is a hidden one, and δ comes from the model's {@link denseDFAOutput}: its
 *   error, the error's sign, or the target in its place, through B, [units, outputs], which is fixed or (dkp) learns.
 *   `drtp` needs the target, and so a loss of {@link loss} with class numbers.
 * - `pepita`: the layer is one of a model made by {@link fromSpec} or {@link bioNetwork}, and learns in {@link trainModel}
 *   from how its output changes where the output's error is added to the data. `fit` has no second pass, and refuses it.
 *
 * Papers and formulas stand beside each rule in `rules` of `@bioflax/core`, and in the README.
 *
 * @param options as `tf.layers.dense` takes them; `rule`; core's `learningOptions`, such as `feedbackInitializer` and
 *   `clipNorm`; and `outputUnits` where the error comes from the output. Input [batch, …, in], output [batch, …,
 *   units].
 * @throws BioflaxError for a bad option, or a layer that cannot learn by the rule, naming the layer.
 * @example
 * bioDense({ rule: "wm", units: 64, activation: "relu", mirroring: { rate: 0.01 } });
 */
export function bioDense(
  options: BioDenseOptions,
): SequentialDense | DirectHidden | ModulatedDense {
  const { rule, outputUnits, ...others } = options;
  if (isModulated(rule)) return new ModulatedDense({ ...others, rule });
  if (!isDirect(rule)) return new SequentialDense({ ...others, rule });
  return new DirectHidden({
    ...others,
    ...(outputUnits === undefined ? {} : { outputUnits }),
    rule,
  });
}

/**
 * A convolution over images that learns by any of core's rules.
 *
 * y = φ(x ∗ W + b); with e = φ′(a) ⊙ δ: ∂W sums xᵀ·e over the places, ∂b = Σ e, and the error at x is the transposed
 * convolution of e with M, of W's shape. The rule says where δ comes from and what M is, as in {@link bioDense}. Under
 * a rule whose errors come straight from the output, δ arrives at the convolution's own output, through B, [elements,
 * outputs], or [filters, outputs] with `feedbackProjection: "broadcast"`; or at a {@link directFeedback} after it and
 * its pooling.
 *
 * @param options as `tf.layers.conv2d` takes them, and those of {@link bioDense}. Input [batch, height, width, in],
 *   output [batch, rows, columns, filters].
 * @throws BioflaxError for a bad option, such as a `dataFormat` other than `channelsLast`, or a layer that cannot learn
 *   by the rule, naming the layer.
 * @example
 * bioConv2d({ rule: "fa", filters: 32, kernelSize: 3, padding: "same", activation: "relu", inputShape: [32, 32, 3] });
 */
export function bioConv2d(
  options: BioConv2dOptions,
): SequentialConv2d | DirectConv2d | ModulatedConv2d {
  const { rule, outputUnits, ...others } = options;
  if (isModulated(rule)) return new ModulatedConv2d({ ...others, rule });
  if (!isDirect(rule)) return new SequentialConv2d({ ...others, rule });
  return new DirectConv2d({
    ...others,
    ...(outputUnits === undefined ? {} : { outputUnits }),
    rule,
  });
}

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
 * y = φ(x·W + b); with e = φ′(a) ⊙ δ: ∂W = xᵀ·e, ∂b = Σ e, and e·Bᵀ goes to the layer below. B is a non-trainable
 * weight.
 *
 * Lillicrap, Cownden, Tweed & Akerman 2016, Nature Communications 7, 13276.
 *
 * @param options as `tf.layers.dense` takes them, and `feedbackInitializer`. Input [batch, …, in], output [batch, …,
 *   units].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function denseFA(options: FeedbackOptions): SequentialDense {
  return new SequentialDense({ ...options, rule: "fa" });
}

/**
 * A dense layer that learns by Kolen-Pollack: feedback weights B, [in, units], learn with the kernel's own gradient.
 *
 * y = φ(x·W + b); with e = φ′(a) ⊙ δ: ∂W = ∂B = xᵀ·e, ∂b = Σ e, and e·Bᵀ goes to the layer below. With the weight decay
 * of {@link optimizer}, B converges to W.
 *
 * Akrout, Wilson, Humphreys, Lillicrap & Tweed 2019, NeurIPS 32, equations 16–18.
 *
 * @param options as `tf.layers.dense` takes them, and `feedbackInitializer`. Input [batch, …, in], output [batch, …,
 *   units].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function denseKP(options: FeedbackOptions): SequentialDense {
  return new SequentialDense({ ...options, rule: "kp" });
}

/**
 * A hidden dense layer that learns by direct feedback alignment, from the error e of the model's {@link
 * denseDFAOutput}.
 *
 * y = φ(x·W + b); with δ = φ′(a) ⊙ e·Bᵀ: ∂W = xᵀ·δ, ∂b = Σ δ. B, [units, outputs], is fixed and random, a non-trainable
 * weight. Nothing goes to the layer below: layers of other kinds below it do not learn.
 *
 * Nøkland 2016, NeurIPS 29, equation 4.
 *
 * @param options as `tf.layers.dense` takes them, `feedbackInitializer`, and `outputUnits`, which the model tells where
 *   it can.
 * @throws BioflaxError for a bad option, naming the layer; in training, when no output layer's error reaches it.
 */
export function denseDFAHidden(options: DirectHiddenOptions): DirectHidden {
  return new DirectHidden(options);
}

/**
 * The output layer of a model whose hidden layers learn straight from its error, by any rule of that kind: it learns
 * from its own error, and tells them that error and, where they need it, the target.
 *
 * y = φ(x·W + b); with e = φ′(a) ⊙ δ: ∂W = xᵀ·e, ∂b = Σ e. To a layer below that is not of that kind it sends an error
 * by a rule of its own, `bp` when left out: e·Wᵀ, or what stands there for W. By a rule of the hidden layers' own kind
 * it sends none.
 *
 * @param options as `tf.layers.dense` takes them, and `rule` with the options it has in {@link bioDense}. Input [batch,
 *   …, in], output [batch, …, units].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function denseDFAOutput(options: DirectOutputOptions): DirectOutput {
  return new DirectOutput(options);
}
