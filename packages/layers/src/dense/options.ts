import type { ActivationName, InitializerSpec, RuleName } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";

type TfDenseOptions = Parameters<typeof tf.layers.dense>[0];
type TfInitializer = NonNullable<TfDenseOptions["kernelInitializer"]>;

/**
 * How a weight starts: bioflax's initializers by name or spec (`"lecunNormal"`, `{ name: "uniform", scale: 0.1 }`), or
 * TensorFlow.js's by name or instance. A name both know is bioflax's.
 */
export type InitializerOption = InitializerSpec | TfInitializer;

/** What `tf.layers.dense` takes, as far as it is defined here, and where the starting weights come from. */
export interface DenseOptions
  extends Pick<
    TfDenseOptions,
    | "inputShape"
    | "inputDim"
    | "batchInputShape"
    | "batchSize"
    | "name"
    | "trainable"
    | "weights"
    | "kernelRegularizer"
    | "biasRegularizer"
    | "kernelConstraint"
    | "biasConstraint"
  > {
  /** How many units, and so outputs. */
  units: number;
  /** φ, under bioflax's name or TensorFlow.js's; `identity` when left out. */
  activation?: ActivationName | "linear" | "swish" | "gelu_new";
  /** Whether a bias is added; true when left out. */
  useBias?: boolean;
  /** Starting kernel; `lecunNormal` when left out. */
  kernelInitializer?: InitializerOption;
  /** Starting bias; `zeros` when left out. */
  biasInitializer?: InitializerOption;
  /** Only `float32`. */
  dtype?: "float32";
  /**
   * Seed of bioflax's initializers, a whole number; 0 when left out. A weight's values depend on the seed, the layer's
   * name and the weight's role alone. TensorFlow.js's initializers carry seeds of their own.
   */
  seed?: number;
}

/** Options of a layer that keeps feedback weights. */
export interface FeedbackOptions extends DenseOptions {
  /** Starting feedback weights; `lecunNormal` when left out. */
  feedbackInitializer?: InitializerOption;
}

/** Options of a layer under a rule whose errors travel layer by layer. */
export interface SequentialDenseOptions extends FeedbackOptions {
  /** The rule. */
  rule: RuleName;
}

/** Options of a hidden layer under a rule whose errors come straight from the output. */
export interface DirectHiddenOptions extends FeedbackOptions {
  /** The rule; `dfa` when left out. */
  rule?: RuleName;
  /** Units of the output layer; found out from the model when left out. */
  outputUnits?: number;
}
