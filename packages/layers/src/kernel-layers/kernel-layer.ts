import {
  createLayer,
  getRule,
  type KernelLayer,
  type KernelLayerSpec,
  type Route,
  type Rule,
  type RuleName,
  type Shape,
  showShape,
  withNormOf,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { fits, type Kwargs, oneShape } from "../base/bio-layer";
import { NoisyLayer } from "../base/noisy-layer";
import { tfOps, tfTrainingOps } from "../ops/tf-ops";
import { constrain } from "../training/constraints";
import { applyKernelLayer, type Connection } from "./apply-kernel-layer";
import type { LayerKind } from "./kinds";
import type { KernelFeedbackOptions } from "./options";
import { type KernelRole, type ResolvedLayer, resolveLayer } from "./resolve-layer";

/** A layer's weights by role. */
type Variables = { [Role in KernelRole]?: tf.LayerVariable };

/**
 * What all layers with a kernel share: options, weights, the forward pass and saving. Routes differ in {@link connect}.
 *
 * A call with `{ training: true }` is a step of the layer's: feedback weights that mirror the kernel do so in it, as the
 * running statistics of batch normalisation are updated there, unless the layer is frozen; and noise goes on to the next step's.
 * A layer that is used several times in one step of the optimizer takes as many steps of its own.
 */
export abstract class BaseKernelLayer extends NoisyLayer {
  /** The learning rule. */
  protected readonly rule: Rule;
  readonly #kind: LayerKind;
  readonly #options: ResolvedLayer;
  readonly #variables: Variables = {};
  #layer: KernelLayer | undefined;

  /**
   * @param source where errors come from under the rules the layer is for.
   * @param elsewhere what to do about a rule of another route.
   */
  constructor(
    options: KernelFeedbackOptions & { readonly rule: RuleName },
    kind: LayerKind,
    source: Route["source"],
    elsewhere: (rule: string) => string,
  ) {
    super(options);
    this.#kind = kind;
    const axes = kind.probe.length + 1;
    this.inputSpec = [kind.takesMoreAxes ? { minNDim: axes } : { ndim: axes }];
    this.rule = this.explaining(() => getRule(options.rule));
    if (this.rule.route.source !== source) this.fail(elsewhere(this.rule.name));
    this.#options = this.explaining(() => resolveLayer(options, kind, this.rule));
  }

  /** How the layer is connected to the others' errors. */
  protected abstract connect(): Connection;

  /** The layer's maths. @throws BioflaxError when it has not been built yet. */
  get definition(): KernelLayer {
    return this.#layer ?? this.fail("it has no weights yet; apply it to an input first.");
  }

  /** The layer and its rule as plain JSON, as core has them. */
  get spec(): KernelLayerSpec {
    return { ...this.#options.spec, rule: this.rule.name as RuleName };
  }

  /** The layer's weights by role, as variables. */
  get variables(): Readonly<Variables> {
    return this.#variables;
  }

  /** Kernel and bias: what the layer has under any rule. */
  get forwardWeights(): readonly tf.LayerVariable[] {
    const { feedback: _feedback, ...own } = this.#variables;
    return Object.values(own);
  }

  override get feedbackWeights(): readonly tf.LayerVariable[] {
    const { feedback } = this.#variables;
    return feedback === undefined ? [] : [feedback];
  }

  /**
   * Sets the layer's weights, as the option `weights` does.
   *
   * @param values [kernel, bias, feedback], as far as the layer has them. Without feedback weights, as those of a layer under another
   *   rule are, the layer keeps its own; with some that its rule does not have, they are left out, and the console says so.
   * @throws BioflaxError for other weights, or other shapes; none is changed then.
   */
  override setWeights(values: tf.Tensor[]): void {
    const { forwardWeights: forward, feedbackWeights: feedback } = this;
    const all = [...forward, ...feedback];
    const last = values.at(-1);
    const isExtra =
      values.length === forward.length + 1 && (last?.rank ?? 0) > 1 && !this.rule.hasFeedback;
    const given = isExtra ? values.slice(0, -1) : values;
    const weights =
      [all, forward].find((some) => fits(some, given)) ?? this.#refuseWeights(all, values);
    if (isExtra)
      console.warn(
        `Layer "${this.name}": feedback weights ${showShape(last?.shape as Shape)} are left out, because the rule ` +
          `"${this.rule.name}" has none.`,
      );
    weights.forEach((weight, i) => {
      weight.write(given[i] as tf.Tensor);
    });
  }

  #refuseWeights(all: readonly tf.LayerVariable[], values: readonly tf.Tensor[]): never {
    const roles = Object.keys(this.#variables);
    const expected = all.map(({ shape }, i) => `${roles[i]} ${showShape(shape as Shape)}`);
    const isOpen = this.rule.hasFeedback && this.#variables.feedback === undefined;
    this.fail(
      `setWeights, or the option weights, expected ${expected.join(", ")}, received ` +
        `${values.map(({ shape }) => showShape(shape)).join(", ") || "none"}. Feedback weights may be left out` +
        `${isOpen ? "; here they come with the output layer, or with outputUnits" : ""}.`,
    );
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { probe, takesMoreAxes } = this.#kind;
    const example = this.knownAxes(inputShape, probe.length);
    if (this.#layer === undefined) {
      const layer = this.explaining(() => createLayer(this.#options.spec, example)) as KernelLayer;
      this.#layer = layer;
      this.needNoise(this.rule.noise?.(layer) ?? []);
      this.#addVariable("kernel", layer.kernelShape, true);
      if (layer.biasShape) this.#addVariable("bias", layer.biasShape, true);
      this.addFeedback("feedback");
    }
    const axes = Object.fromEntries(example.map((extent, i) => [i - example.length, extent]));
    const ndim = example.length + 1;
    this.inputSpec = [takesMoreAxes ? { minNDim: ndim, axes } : { ndim, axes }];
    this.built = true;
  }

  /**
   * Adds the feedback weights if the rule has some and their shape is known.
   *
   * @param name what TensorFlow.js calls the weight.
   */
  protected addFeedback(name: string): void {
    const shape = this.feedbackShape();
    if (shape !== undefined)
      this.#addVariable("feedback", shape, this.rule.feedbackGradient !== undefined, name);
  }

  /** The shape of the feedback weights; undefined where there are none, or not yet. */
  protected feedbackShape(): Shape | undefined {
    return undefined;
  }

  #addVariable(role: KernelRole, shape: Shape, trainable: boolean, name: string = role): void {
    const { initializers, penalties, spec } = this.#options;
    const [regularizer, constraint] =
      role === "feedback"
        ? []
        : ([penalties[`${role}Regularizer`], penalties[`${role}Constraint`]] as const);
    const variable = this.addWeight(
      name,
      [...shape],
      "float32",
      initializers[role].create(this.seed, `${this.name}.${role}`),
      regularizer,
      trainable,
      constraint,
    );
    const value = variable.read() as tf.Variable;
    if (role === "kernel" && spec.constrainNorm)
      constrain(value, (after, before) => withNormOf<tf.Tensor>(tfOps, before, after));
    if (constraint != null) constrain(value, (after) => constraint.apply(after));
    this.#variables[role] = variable;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { probe } = this.#kind;
    const leading = oneShape(inputShape).slice(0, -probe.length);
    return [...leading, ...this.definition.outputShape];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const input = this.inputOf(inputs);
      const { inputShape, outputShape } = this.definition;
      const leading = input.shape.slice(0, -inputShape.length);
      const isBatch = leading.length === 1;
      const examples = isBatch ? input : tf.reshape(input, [-1, ...inputShape]);
      const output = this.#applyTo(examples, kwargs?.training === true);
      return isBatch ? output : tf.reshape(output, [...leading, ...outputShape]);
    });
  }

  #applyTo(input: tf.Tensor, training: boolean): tf.Tensor {
    const { definition: layer, rule } = this;
    const { noise } = this;
    const batch = input.shape[0] as number;
    const refuseEmpty = () =>
      this.fail("expected at least one example to learn from, received none.");
    if (training && batch === 0) refuseEmpty();
    const step = training ? noise.advance(batch) : noise.step;
    const parameters = Object.fromEntries(
      Object.entries(this.#variables).map(([role, variable]) => [role, variable.read()]),
    ) as { kernel: tf.Tensor } & { [Role in KernelRole]?: tf.Tensor };
    const mirrors = {
      ever: rule.mirror !== undefined && noise.isNeeded,
      now: training && !this.isFrozen,
    };
    const [output, , feedback] = applyKernelLayer({ input, ...parameters } as tf.NamedTensorMap, {
      layer,
      rule,
      parameters,
      noise: () => noise.at(step, batch),
      mirrors,
      ops: training ? tfTrainingOps : tfOps,
      learns: this.trainableWeights.length > 0,
      refuseEmpty,
      ...this.connect(),
    });
    // The forward pass does not read the feedback weights, so it is all one that they are written after it.
    if (mirrors.now && feedback !== undefined) this.#variables.feedback?.write(feedback);
    return output as tf.Tensor;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      ...this.#options.config,
      rule: this.rule.name,
    };
  }
}
