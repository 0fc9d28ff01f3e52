import {
  activationName,
  BioflaxError,
  createLayer,
  type Layer,
  type LayerParameters,
  type ParameterRole,
  Random,
  type Rule,
  type Shape,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { tfOps, tfTrainingOps } from "../ops/tf-ops";
import { constrain } from "../training/constraints";
import { type Application, applyDense } from "./dense-kernel";
import type { DenseOptions, FeedbackOptions } from "./options";
import {
  type Penalties,
  type ResolvedInitializer,
  resolveInitializer,
  resolvePenalties,
} from "./resolve-options";

type Kwargs = Parameters<tf.layers.Layer["call"]>[1];
type TfLayerOptions = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

/** What TensorFlow.js's base class reads; anything else a loaded config carries is not ours. */
function baseOptions({
  inputShape,
  inputDim,
  batchInputShape,
  batchSize,
  name,
  trainable,
  weights,
}: DenseOptions): TfLayerOptions {
  const given = {
    inputShape: inputShape ?? (inputDim === undefined ? undefined : [inputDim]),
    batchInputShape,
    batchSize,
    name,
    trainable,
    weights,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
}

/** What all dense layers share: options, weights, the forward pass and saving. Routes differ in {@link connect}. */
export abstract class BaseDense extends tf.layers.Layer {
  readonly units: number;
  protected readonly activation: ReturnType<typeof activationName>;
  protected readonly useBias: boolean;
  protected readonly seed: number;
  readonly #initializers: Readonly<Record<ParameterRole, ResolvedInitializer>>;
  readonly #penalties: Penalties;
  readonly #variables: { [Role in ParameterRole]?: tf.LayerVariable } = {};
  #layer: Layer | undefined;

  constructor(options: FeedbackOptions) {
    super(baseOptions(options));
    this.units = options.units;
    this.useBias = options.useBias ?? true;
    this.seed = options.seed ?? 0;
    this.supportsMasking = true;
    this.inputSpec = [{ minNDim: 2 }];
    const { dtype } = options as { dtype?: string | null };
    if (dtype != null && dtype !== "float32")
      this.fail(`expected dtype float32, received ${dtype}.`);
    if ((options as { activityRegularizer?: unknown }).activityRegularizer != null) {
      this.fail(
        "activityRegularizer is not supported: TensorFlow.js refuses layers that have one.",
      );
    }
    const { name } = this;
    [this.activation, this.#initializers, this.#penalties] = this.explaining(() => {
      const activation = activationName(options.activation ?? "identity");
      createLayer({ type: "dense", units: options.units, activation }, [1]);
      new Random(this.seed, name);
      const initializers = {
        kernel: resolveInitializer("kernelInitializer", options.kernelInitializer ?? "lecunNormal"),
        bias: resolveInitializer("biasInitializer", options.biasInitializer ?? "zeros"),
        feedback: resolveInitializer(
          "feedbackInitializer",
          options.feedbackInitializer ?? "lecunNormal",
        ),
      };
      return [activation, initializers, resolvePenalties(options)] as const;
    });
  }

  /** The rule the layer's feedback weights follow, if it has any. */
  protected abstract readonly rule: Rule | undefined;

  /** How the layer is connected to the others' errors. */
  protected abstract connect(
    parameters: LayerParameters<tf.Tensor>,
  ): Pick<Application, "arriving" | "departing" | "publish">;

  /** The layer's maths. @throws BioflaxError when it has not been built yet. */
  protected get layer(): Layer {
    return this.#layer ?? this.fail("it has no weights yet; apply it to an input first.");
  }

  /** The layer's weights by role, as variables. */
  get variables(): Readonly<{ [Role in ParameterRole]?: tf.LayerVariable }> {
    return this.#variables;
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
      const { units, activation, useBias } = this;
      this.#layer = createLayer({ type: "dense", units, activation, useBias }, [features]);
      const { kernelRegularizer, kernelConstraint, biasRegularizer, biasConstraint } =
        this.#penalties;
      this.addVariable("kernel", this.#layer.kernelShape, true, "kernel", [
        kernelRegularizer,
        kernelConstraint,
      ]);
      if (this.#layer.biasShape)
        this.addVariable("bias", this.#layer.biasShape, true, "bias", [
          biasRegularizer,
          biasConstraint,
        ]);
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
      this.addVariable("feedback", shape, this.rule?.feedbackGradient !== undefined, name, []);
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
    const initializer = this.#initializers[role].create(this.seed, `${this.name}.${role}`);
    const variable = this.addWeight(
      name,
      [...shape],
      "float32",
      initializer,
      regularizer,
      trainable,
      constraint,
    );
    if (constraint != null)
      constrain(variable.read() as tf.Variable, (value) => constraint.apply(value));
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
        input.rank === 2 ? input : tf.reshape(input, [-1, this.layer.inputShape[0] as number]);
      const output = this.applyTo(rows, kwargs?.training === true);
      return input.rank === 2
        ? output
        : tf.reshape(output, [...input.shape.slice(0, -1), this.units]);
    });
  }

  private applyTo(input: tf.Tensor, training: boolean): tf.Tensor {
    const parameters = Object.fromEntries(
      Object.entries(this.#variables).map(([role, variable]) => [role, variable.read()]),
    ) as unknown as LayerParameters<tf.Tensor>;
    const [output] = applyDense({ input, ...parameters } as tf.NamedTensorMap, {
      layer: this.layer,
      parameters,
      ops: training ? tfTrainingOps : tfOps,
      learns: this.trainableWeights.length > 0,
      feedbackGradient: this.rule?.feedbackGradient,
      ...this.connect(parameters),
    });
    return output as tf.Tensor;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { kernel, bias, feedback } = this.#initializers;
    return {
      ...super.getConfig(),
      units: this.units,
      activation: this.activation,
      useBias: this.useBias,
      kernelInitializer: kernel.config,
      biasInitializer: bias.config,
      ...(this.rule?.hasFeedback ? { feedbackInitializer: feedback.config } : {}),
      ...this.#penalties.config,
      seed: this.seed,
    };
  }
}
