import { type Rule, rules } from "@bioflax/core";
import { DirectHidden } from "./direct-hidden";
import { DirectOutput } from "./direct-output";
import type {
  BioDenseOptions,
  DenseOptions,
  DirectHiddenOptions,
  DirectOutputOptions,
  FeedbackOptions,
} from "./options";
import { SequentialDense } from "./sequential-dense";

/**
 * A dense layer that learns by any of core's rules.
 *
 * y = φ(x·W + b); with e = φ′(a) ⊙ δ: ∂W = xᵀ·e, ∂b = Σ e. The rule says where δ comes from, and what stands for W on the way:
 *
 * - `bp`, `fa`, `kp`, `wm`, `usf`, `frsf`, `brsf`: δ comes from the layer above, and e·Mᵀ goes to the one below, where M, of W's
 *   shape, is W itself, fixed, taught by the kernel's gradient, mirrored from W with noise before each step, or W's signs with
 *   one magnitude, with fixed ones, with new ones at each step.
 * - `dfa`, `sdfa`, `dkp`, `drtp`: the layer is a hidden one, and δ comes from the model's {@link denseDFAOutput}: its error, the
 *   error's sign, or the target in its place, through B, [units, outputs], which is fixed or (dkp) learns. `drtp` needs the target,
 *   and so a loss of {@link loss} with class numbers.
 *
 * Papers and formulas stand beside each rule in `rules` of `@bioflax/core`, and in the README.
 *
 * @param options as `tf.layers.dense` takes them; `rule`; `feedbackInitializer`, `feedbackConnections`, `mirroring`, `constrainNorm`,
 *   `clipNorm`; and `outputUnits` where the error comes from the output. Input [batch, …, in], output [batch, …, units].
 * @throws BioflaxError for a bad option, or a layer that cannot learn by the rule, naming the layer.
 * @example
 * bioDense({ rule: "wm", units: 64, activation: "relu", mirroring: { rate: 0.01 } });
 */
export function bioDense(options: BioDenseOptions): SequentialDense | DirectHidden {
  const rule = (rules as Readonly<Record<string, Rule>>)[options.rule];
  return rule?.route.source === "output" ? new DirectHidden(options) : new SequentialDense(options);
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
 * The output layer of a model whose hidden layers learn straight from its error, by any rule of that kind: it learns from its
 * own error, and tells them that error and, where they need it, the target.
 *
 * y = φ(x·W + b); with e = φ′(a) ⊙ δ: ∂W = xᵀ·e, ∂b = Σ e. To a layer below that is not of that kind it sends an error by a rule
 * of its own, `bp` when left out: e·Wᵀ, or what stands there for W.
 *
 * @param options as `tf.layers.dense` takes them, and `rule`, one whose errors travel layer by layer, with the options it has in
 *   {@link bioDense}. Input [batch, …, in], output [batch, …, units].
 * @throws BioflaxError for a bad option, naming the layer.
 */
export function denseDFAOutput(options: DirectOutputOptions): DirectOutput {
  return new DirectOutput(options);
}
