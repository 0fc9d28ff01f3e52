import {
  carriesErrors,
  checkSymbols,
  type feedbackShapesOf,
  getRule,
  type KernelLayer,
  type KernelLayerSpec,
  layerOf,
  projectionGradientOf,
  type Route,
  type Rule,
  type RuleName,
  rules,
  type Shape,
  sameShape,
  showShape,
  withNormOf,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { type Kwargs, oneShape } from "../base/bio-layer";
import { constrain } from "../base/constraints";
import { tellDecay } from "../base/decay";
import { DynamicDefinition } from "../base/dynamic-extents";
import { fits } from "../base/model-weights";
import { NoisyLayer } from "../base/noisy-layer";
import type { KernelFeedbackOptions } from "../base/options";
import { reshapeOutput } from "../links/target-signals";
import { ON_GPU } from "../ops/backends";
import { tfOps, tfTrainingOps } from "../ops/tf-ops";
import { applyKernelLayer, type Connection } from "./apply-kernel-layer";
import type { LayerKind } from "./kinds";
import { type KernelRole, type ResolvedLayer, resolveLayer } from "./resolve-layer";
import { showRulesInSummaries, summarizing } from "./summary";

/** A layer's weights by role. */
type Variables = { [Role in KernelRole]?: tf.LayerVariable };

/**
 * What all layers with a kernel share: options, weights, the forward pass and saving. Routes differ in {@link connect}.
 *
 * A call with `{ training: true }` is a step of the layer's: feedback weights that mirror the kernel do so in it, as
 * the running statistics of batch normalisation are updated there, unless the layer is frozen; and noise goes on to the
 * next step's. A layer that is used several times in one step of the optimizer takes as many steps of its own.
 */
export abstract class BaseKernelLayer extends NoisyLayer {
  /** The learning rule. */
  protected readonly rule: Rule;
  readonly #kind: LayerKind;
  readonly #options: ResolvedLayer;
  readonly #variables: Variables = {};
  #layer: DynamicDefinition<KernelLayer> | undefined;
  /** What was found wrong with an input after the call it was given in. */
  #found: Error | undefined;

  /**
   * @param source where errors come from under the rules the layer is for.
   * @param elsewhere what to do about a rule of another route.
   */
  constructor(
    options: KernelFeedbackOptions & { readonly rule: RuleName | Rule },
    kind: LayerKind,
    source: Route["source"],
    elsewhere: (rule: string) => string,
  ) {
    super(options);
    showRulesInSummaries();
    this.#kind = kind;
    const axes = kind.probe.length + 1;
    this.inputSpec = [kind.takesMoreAxes ? { minNDim: axes } : { ndim: axes }];
    this.rule = this.explaining(() => getRule(rules.nameOf(options.rule)));
    if (this.rule.route.source !== source) this.fail(elsewhere(this.rule.name));
    this.#options = this.explaining(() => resolveLayer(options, kind, this.rule));
  }

  /** How the layer is connected to the others' errors. */
  protected abstract connect(): Connection;

  /** The layer's maths. @throws BioflaxError when it has not been built yet. */
  get definition(): KernelLayer {
    return this.#definitions.any;
  }

  get #definitions(): DynamicDefinition<KernelLayer> {
    return this.#layer ?? this.fail("it has no weights yet; apply it to an input first.");
  }

  /** Whether the input has extents that are not known till the layer is used. */
  get isDynamic(): boolean {
    return this.#definitions.isDynamic;
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
    const { feedback: _feedback, errorProjection: _projection, ...own } = this.#variables;
    return Object.values(own);
  }

  override get feedbackWeights(): readonly tf.LayerVariable[] {
    const { errorProjection, feedback } = this.#variables;
    // In the order in which TensorFlow.js has them: those that learn first.
    return this.weights.filter((variable) => variable === errorProjection || variable === feedback);
  }

  /**
   * Sets the layer's weights, as the option `weights` does.
   *
   * @param values [kernel, bias, feedback], as far as the layer has them. Without feedback weights, as those of a layer
   *   under another rule are, the layer keeps its own; with some that its rule does not have, they are left out, and
   *   the console says so.
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
    const roles = ["kernel", ...(this.#variables.bias === undefined ? [] : ["bias"])];
    const expected = all.map(
      ({ shape }, i) => `${roles[i] ?? "feedback"} ${showShape(shape as Shape)}`,
    );
    const isDynamic = this.rule.hasFeedback && this.feedbackWeights.length === 0;
    this.fail(
      `setWeights, or the option weights, expected ${expected.join(", ")}, received ` +
        `${values.map(({ shape }) => showShape(shape)).join(", ") || "none"}. Feedback weights may be left out` +
        `${isDynamic ? "; here they come with the output layer, or with outputUnits" : ""}.`,
    );
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { definition, probe, takesMoreAxes } = this.#kind;
    const { symbols } = layerOf(definition, this.#options.spec, probe) as KernelLayer;
    // Numbers of symbols have no channels, on which a kernel's shape depends.
    const example =
      symbols === undefined
        ? this.dynamicAxes(inputShape, probe.length)
        : oneShape(inputShape).slice(-probe.length);
    if (this.#layer === undefined) {
      const definitions = this.explaining(
        () =>
          new DynamicDefinition(
            example,
            (shape) => layerOf(definition, this.#options.spec, shape) as KernelLayer,
          ),
      );
      const noiseOf = (own: KernelLayer) =>
        this.rule.noise?.(own, this.feedbackTargetOf(own)) ?? [];
      if (!definitions.isSettled(example, (own) => noiseOf(own).map(({ shape }) => shape)))
        this.fail(
          `the rule "${this.rule.name}" draws noise of its input's extents, and those of [${oneShape(inputShape).map(String).join(", ")}] are not known. ` +
            "Give the model an inputShape in full, or the layer another rule.",
        );
      this.#layer = definitions;
      const layer = definitions.any;
      this.needNoise(noiseOf(layer));
      this.#addVariable("kernel", layer.kernelShape, true);
      if (layer.biasShape) this.#addVariable("bias", layer.biasShape, true);
      this.buildFeedback();
    }
    const axes = Object.fromEntries(
      example.flatMap((extent, i) => (extent == null ? [] : [[i - example.length, extent]])),
    );
    const ndim = example.length + 1;
    this.inputSpec = [takesMoreAxes ? { minNDim: ndim, axes } : { ndim, axes }];
    this.built = true;
  }

  /** Shape of what receives errors straight from the output for the layer; undefined where nothing does. */
  protected feedbackTargetOf(_definition: KernelLayer): Shape | undefined {
    return undefined;
  }

  /** Adds the feedback weights, as far as their shapes are known. */
  protected abstract buildFeedback(): void;

  /** The feedback weights as they are; undefined where there are none. */
  protected feedback(): tf.Tensor | undefined {
    return this.#variables.feedback?.read();
  }

  #addVariable(role: KernelRole, shape: Shape, trainable: boolean): void {
    this.#variables[role] = this.createVariable(role, shape, trainable);
  }

  /** Adds the only feedback weights there are, and what errors go through before them. */
  protected addOnlyFeedback({
    errorProjection,
    feedback,
  }: ReturnType<typeof feedbackShapesOf>): void {
    const { rule } = this;
    if (errorProjection !== undefined)
      this.#addVariable(
        "errorProjection",
        errorProjection,
        projectionGradientOf(rule, this.definition) !== undefined,
      );
    if (feedback !== undefined)
      this.#addVariable("feedback", feedback, rule.feedbackGradient !== undefined);
  }

  /**
   * Adds a weight.
   *
   * @param name what TensorFlow.js calls it within the layer, and the random-stream key of its starting values.
   * @param scoped the name as TensorFlow.js is to be told it.
   */
  protected createVariable(
    role: KernelRole,
    shape: Shape,
    trainable: boolean,
    name: string = role,
    scoped = name,
  ): tf.LayerVariable {
    const { initializers, penalties, spec } = this.#options;
    const [regularizer, constraint] = carriesErrors(role)
      ? []
      : ([penalties[`${role}Regularizer`], penalties[`${role}Constraint`]] as const);
    const variable = this.addWeight(
      scoped,
      [...shape],
      "float32",
      initializers[role].create(this.seed, `${this.name}.${name}`, this.#fansFor(role, shape)),
      regularizer,
      trainable,
      constraint,
    );
    const own = this.definition.weights.find((weight) => weight.role === role);
    tellDecay(variable, own?.decays ?? (trainable && role !== "errorProjection"));
    const value = variable.read() as tf.Variable;
    if (role === "kernel" && spec.constrainNorm)
      constrain(value, (after, before) => withNormOf<tf.Tensor>(tfOps, before, after));
    if (constraint != null) constrain(value, (after) => constraint.apply(after));
    return variable;
  }

  /** The shape that a weight's initializer goes by, where that is not its own: the kernel's, and what stands for it. */
  #fansFor(role: KernelRole, shape: Shape): Shape | undefined {
    const { fans, kernelShape } = this.definition;
    const isKernel = role === "kernel" || role === "feedback";
    return isKernel && sameShape(shape, kernelShape) && !sameShape(fans, shape) ? fans : undefined;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const { probe } = this.#kind;
    const shape = oneShape(inputShape);
    const leading = shape.slice(0, -probe.length);
    return [...leading, ...this.#definitions.outputShape(shape.slice(-probe.length))];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      this.refuseMask(this.#kind.definition, kwargs);
      const input = this.inputOf(inputs);
      const layer = this.#definitions.of(input.shape.slice(-this.#kind.probe.length));
      const { inputShape, outputShape } = layer;
      const leading = input.shape.slice(0, -inputShape.length);
      const isBatch = leading.length === 1;
      const examples = isBatch ? input : tf.reshape(input, [-1, ...inputShape]);
      if (layer.symbols !== undefined) this.#checkSymbols(layer, examples);
      const output = this.#applyTo(layer, examples, kwargs?.training === true);
      return isBatch ? output : reshapeOutput(output, [...leading, ...outputShape]);
    });
  }

  /** Checks numbers of symbols: on a GPU while it goes on computing, so that what is wrong is said at the next call. */
  #checkSymbols(layer: KernelLayer, input: tf.Tensor): void {
    const before = this.#found;
    this.#found = undefined;
    if (before !== undefined) throw before;
    const check = (values: ArrayLike<number>) => this.explaining(() => checkSymbols(layer, values));
    if (!ON_GPU.includes(tf.getBackend())) {
      check(input.dataSync());
      return;
    }
    input
      .data()
      .then(check)
      .catch((error: Error) => {
        this.#found = error;
      });
  }

  #applyTo(layer: KernelLayer, input: tf.Tensor, training: boolean): tf.Tensor {
    const { rule, noise } = this;
    const batch = input.shape[0] as number;
    const refuseEmpty = () =>
      this.fail("expected at least one example to learn from, received none.");
    if (training && batch === 0) refuseEmpty();
    const step = training ? noise.advance(batch) : noise.step;
    const { kernel, bias, errorProjection } = this.#variables;
    const feedback = this.feedback();
    const parameters = {
      kernel: kernel?.read() as tf.Tensor,
      ...(bias === undefined ? {} : { bias: bias.read() }),
      ...(errorProjection === undefined ? {} : { errorProjection: errorProjection.read() }),
      ...(feedback === undefined ? {} : { feedback }),
    };
    const mirrors = {
      ever: rule.mirror !== undefined,
      now: training && !this.isFrozen,
    };
    const [output, , mirrored] = applyKernelLayer({ input, ...parameters } as tf.NamedTensorMap, {
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
    if (mirrors.ever && mirrors.now) this.#variables.feedback?.write(mirrored as tf.Tensor);
    return output as tf.Tensor;
  }

  override getClassName(): string {
    return summarizing() ? `${this.spec.type}, ${this.spec.rule}` : super.getClassName();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      ...this.#options.config,
      rule: this.rule.name,
    };
  }
}
