import type { ActivationName, InitializerSpec, MirroringSpec, RuleName } from "@bioflax/core";
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
   * Seed of bioflax's initializers and noise, a whole number; 0 when left out. A weight's values depend on the seed, the
   * layer's name and the weight's role alone. TensorFlow.js's initializers carry seeds of their own.
   */
  seed?: number;
  /**
   * Whether the kernel keeps the Frobenius norm it starts with; false when left out. Bioflax's optimizers see to it after
   * each step, and then to `kernelConstraint`; TensorFlow.js's own do neither.
   */
  constrainNorm?: boolean;
  /** The largest norm of the layer's gradient, kernel and bias together; a longer one is scaled down to it. */
  clipNorm?: number;
}

/** Options of a layer that keeps feedback weights, or signs with magnitudes in their place. */
export interface FeedbackOptions extends DenseOptions {
  /**
   * Starting feedback weights, or what the magnitudes that stand for them are drawn from (then it must be one of
   * bioflax's initializers); `lecunNormal` when left out.
   */
  feedbackInitializer?: InitializerOption;
  /** How many feedback weights of each unit are not zero, where they are fixed; all of them when left out. */
  feedbackConnections?: number;
  /** How feedback weights mirror the kernel, under a rule that has them do so. */
  mirroring?: MirroringSpec;
  /** How many steps of noise lie behind the layer, as it is saved with it; 0 when left out. */
  noiseStep?: number;
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

/** Options of the output layer of a model with layers that learn straight from its error. */
export interface DirectOutputOptions extends FeedbackOptions {
  /** Its own rule, by which it sends an error to a layer below that waits for one; `bp` when left out. */
  rule?: RuleName;
}

/** Options of a layer under any rule. */
export interface BioDenseOptions extends DirectHiddenOptions {
  /** The rule. */
  rule: RuleName;
}
