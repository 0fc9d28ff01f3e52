import {
  BioflaxError,
  createLayer,
  getRule,
  type Layer,
  type LayerSpec,
  noiseName,
  type ParameterRole,
  Random,
  type Route,
  type Rule,
  type RuleName,
  type Shape,
  withNormOf,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { tfOps, tfTrainingOps } from "../ops/tf-ops";
import { constrain } from "../training/constraints";
import { applyDense, type Connection } from "./dense-kernel";
import { LayerNoise } from "./layer-noise";
import type { SequentialDenseOptions } from "./options";
import {
  baseOptions,
  checkForeignOptions,
  type ResolvedDense,
  resolveDense,
} from "./resolve-dense";
import type { Penalties } from "./resolve-options";

type Kwargs = Parameters<tf.layers.Layer["call"]>[1];

/**
 * What all dense layers share: options, weights, the forward pass and saving. Routes differ in {@link connect}.
 *
 * A call with `{ training: true }` is a step of the layer's: feedback weights that mirror the kernel do so in it, as the
 * running statistics of batch normalisation are updated there, and noise goes on to the next step's. A layer that is
 * used several times in one step of the optimizer takes as many steps of its own.
 */
export abstract class BaseDense extends tf.layers.Layer {
  readonly units: number;
  protected readonly seed: number;
  /** The learning rule. */
  protected readonly rule: Rule;
  readonly #options: ResolvedDense;
  readonly #firstStep: number;
  readonly #variables: { [Role in ParameterRole]?: tf.LayerVariable } = {};
  #layer: Layer | undefined;
  #noise: LayerNoise | undefined;

  /**
   * @param source where errors come from under the rules the layer is for.
   * @param elsewhere what to do about a rule of another route.
   */
  constructor(
    options: SequentialDenseOptions,
    source: Route["source"],
    elsewhere: (rule: string) => string,
  ) {
    super(baseOptions(options));
    this.units = options.units;
    this.seed = options.seed ?? 0;
    this.#firstStep = options.noiseStep ?? 0;
    this.supportsMasking = true;
    this.inputSpec = [{ minNDim: 2 }];
    checkForeignOptions(options, (message) => this.fail(message));
    this.rule = this.explaining(() => getRule(options.rule));
    if (this.rule.route.source !== source) this.fail(elsewhere(this.rule.name));
    this.#options = this.explaining(() => {
      new Random(this.seed, this.name);
      return resolveDense(options, this.rule);
    });
  }

  /** How the layer is connected to the others' errors. */
  protected abstract connect(): Connection;

  /** The layer's maths. @throws BioflaxError when it has not been built yet. */
  get definition(): Layer {
    return this.#layer ?? this.fail("it has no weights yet; apply it to an input first.");
  }

  /** The layer and its rule as plain JSON, as core has them. */
  get spec(): LayerSpec {
    return { ...this.#options.spec, rule: this.rule.name as RuleName };
  }

  /** The layer's weights by role, as variables. */
  get variables(): Readonly<{ [Role in ParameterRole]?: tf.LayerVariable }> {
    return this.#variables;
  }

  /** The random numbers the layer's next step will use, in the order in which its rule names them: new tensors. */
  nextNoise(): tf.Tensor[] {
    return this.#noise?.at(this.#noise.step) ?? [];
  }

  /** Raises an error under the layer's name. */
  protected fail(message: string): never {
    throw new BioflaxError(`Layer "${this.name}": ${message}`);
  }

  /** Runs something of core's, and puts the layer's name before its errors. */
  protected explaining<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof BioflaxError) error.message = `Layer "${this.name}": ${error.message}`;
      throw error;
    }
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tf.Shape;
    const features = shape.at(-1);
    if (features == null)
      this.fail(
        `expected an input whose last axis has a known extent, received [${shape.join(", ")}].`,
      );
    if (this.#layer === undefined) {
      const layer = createLayer(this.#options.spec, [features]);
      const noise = this.rule.noise?.(layer) ?? [];
      this.#layer = layer;
      this.#noise = new LayerNoise(
        noise.map((own, i) => ({ ...own, name: noiseName(this.name, i) })),
        this.seed,
        this.#firstStep,
      );
      const { kernelRegularizer, kernelConstraint, biasRegularizer, biasConstraint } =
        this.#options.penalties;
      this.addVariable("kernel", layer.kernelShape, true, "kernel", [
        kernelRegularizer,
        kernelConstraint,
      ]);
      if (layer.biasShape)
        this.addVariable("bias", layer.biasShape, true, "bias", [biasRegularizer, biasConstraint]);
      this.addFeedback("feedback");
    }
    this.inputSpec = [{ minNDim: 2, axes: { [-1]: features } }];
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
      this.addVariable("feedback", shape, this.rule.feedbackGradient !== undefined, name, []);
  }

  /** The shape of the feedback weights; undefined where there are none, or not yet. */
  protected feedbackShape(): Shape | undefined {
    return undefined;
  }

  private addVariable(
    role: ParameterRole,
    shape: Shape,
    trainable: boolean,
    name: string,
    [regularizer, constraint]: readonly [
      Penalties["kernelRegularizer"]?,
      Penalties["kernelConstraint"]?,
    ],
  ): void {
    const variable = this.addWeight(
      name,
      [...shape],
      "float32",
      this.#options.initializers[role].create(this.seed, `${this.name}.${role}`),
      regularizer,
      trainable,
      constraint,
    );
    const value = variable.read() as tf.Variable;
    if (role === "kernel" && this.#options.spec.constrainNorm)
      constrain(value, (after, before) => withNormOf<tf.Tensor>(tfOps, before, after));
    if (constraint != null) constrain(value, (after) => constraint.apply(after));
    this.#variables[role] = variable;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tf.Shape;
    return [...shape.slice(0, -1), this.units];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const list = Array.isArray(inputs) ? inputs : [inputs];
      if (list.length !== 1) this.fail(`expected one input, received ${list.length}.`);
      const given = list[0] as tf.Tensor;
      const input = given.dtype === "float32" ? given : tf.cast(given, "float32");
      const rows =
        input.rank === 2 ? input : tf.reshape(input, [-1, this.definition.inputShape[0] as number]);
      const output = this.applyTo(rows, kwargs?.training === true);
      return input.rank === 2
        ? output
        : tf.reshape(output, [...input.shape.slice(0, -1), this.units]);
    });
  }

  private applyTo(input: tf.Tensor, training: boolean): tf.Tensor {
    const { definition: layer, rule } = this;
    const noise = this.#noise as LayerNoise;
    const step = training ? noise.advance() : noise.step;
    const parameters = Object.fromEntries(
      Object.entries(this.#variables).map(([role, variable]) => [role, variable.read()]),
    ) as { kernel: tf.Tensor } & { [Role in ParameterRole]?: tf.Tensor };
    const mirrors = { ever: rule.mirror !== undefined && noise.isNeeded, now: training };
    const [output, , feedback] = applyDense({ input, ...parameters } as tf.NamedTensorMap, {
      layer,
      rule,
      parameters,
      noise: () => noise.at(step),
      mirrors,
      ops: training ? tfTrainingOps : tfOps,
      learns: this.trainableWeights.length > 0,
      ...this.connect(),
    });
    // The forward pass does not read the feedback weights, so it is all one that they are written after it.
    if (training && feedback !== undefined) this.#variables.feedback?.write(feedback);
    return output as tf.Tensor;
  }

  protected override disposeWeights(): number {
    this.#noise?.dispose();
    return super.disposeWeights();
  }

  override getConfig(): tf.serialization.ConfigDict {
    const noiseStep = this.#noise?.step ?? this.#firstStep;
    return {
      ...super.getConfig(),
      ...this.#options.config,
      rule: this.rule.name,
      seed: this.seed,
      ...(noiseStep > 0 && this.#noise?.isNeeded !== false ? { noiseStep } : {}),
    };
  }
}
