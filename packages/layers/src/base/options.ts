import type {
  Activation,
  ActivationName,
  Conv2dSpec,
  FeedbackWeightOptions as CoreFeedbackWeightOptions,
  DirectRuleName,
  GivenInitializer,
  InitializerSpec,
  OwnFeedbackOptions,
  Rule,
  RuleName,
  SequentialRuleName,
  UpdateOptions,
} from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";

type TfDenseOptions = Parameters<typeof tf.layers.dense>[0];
type TfInitializer = Exclude<NonNullable<TfDenseOptions["kernelInitializer"]>, string>;

/** TensorFlow.js's initializers by name; its own type takes any text. */
type TfInitializerName =
  | "constant"
  | "glorotNormal"
  | "glorotUniform"
  | "heNormal"
  | "heUniform"
  | "identity"
  | "leCunNormal"
  | "leCunUniform"
  | "ones"
  | "orthogonal"
  | "randomNormal"
  | "randomUniform"
  | "truncatedNormal"
  | "varianceScaling"
  | "zeros";

/**
 * How a weight starts: bioflax's initializers by name or spec (`"lecunNormal"`, `{ name: "uniform", scale: 0.1 }`), or
 * one's own; or TensorFlow.js's by name or instance. A name both know is bioflax's.
 */
export type InitializerOption = GivenInitializer | TfInitializerName | TfInitializer;

/** Core's options of how a layer learns as layers take them: initializers are of either library. */
export type AsLayersTake<Options> = {
  -readonly [Name in keyof Options]: Options[Name] extends InitializerSpec | undefined
    ? InitializerOption
    : Options[Name];
};

/** An activation under bioflax's name, or the one that TensorFlow.js or flax has for it; or one's own. */
export type ActivationOption =
  | ActivationName
  | Activation
  | "linear"
  | "swish"
  | "gelu_new"
  | "leaky_relu"
  | "leakyReLU";

/** What TensorFlow.js's own layers take, as far as it is defined here, and where random numbers come from. */
export interface LayerOptions
  extends Pick<
    TfDenseOptions,
    "inputShape" | "batchInputShape" | "batchSize" | "name" | "trainable" | "weights"
  > {
  /** Only `float32`. */
  dtype?: "float32";
  /**
   * Seed of bioflax's initializers and noise, a whole number; 0 when left out. A weight's values depend on the seed,
   * the layer's name and the weight's role alone. TensorFlow.js's initializers carry seeds of their own.
   */
  seed?: number;
}

/** What all layers with a kernel take: TensorFlow.js's own options, and how the layer learns. */
export interface KernelLayerOptions
  extends LayerOptions,
    AsLayersTake<UpdateOptions>,
    Pick<
      TfDenseOptions,
      "kernelRegularizer" | "biasRegularizer" | "kernelConstraint" | "biasConstraint"
    > {
  /** φ, under bioflax's name or TensorFlow.js's; `identity` when left out. */
  activation?: ActivationOption;
  /** Whether a bias is added; true when left out. */
  useBias?: boolean;
  /** Starting kernel; `lecunNormal` when left out. */
  kernelInitializer?: InitializerOption;
  /** Starting bias; `zeros` when left out. */
  biasInitializer?: InitializerOption;
}

/** One of several output layers, as a layer that learns from it is told of it and saves it. */
export interface OutputUnits {
  /** The output layer's name. */
  readonly name: string;
  /** Its units. */
  readonly units: number;
  /** What TensorFlow.js calls the feedback weights for it; a free name when left out. */
  readonly weight?: string;
}

/**
 * Where feedback weights of a layer come from, and what they reach; TensorFlow.js's initializers do not tell
 * magnitudes.
 */
export interface FeedbackWeightOptions extends AsLayersTake<CoreFeedbackWeightOptions> {}

/** What layers take a step of which may need random numbers. */
export interface NoiseOptions {
  /** The random-stream key of the layer's noise, where that is not its name. */
  noiseName?: string;
  /** How many steps of noise lie behind the layer, as it is saved with it; 0 when left out. */
  noiseStep?: number;
}

/** Options of a layer that keeps feedback weights, or signs with magnitudes in their place. */
export interface KernelFeedbackOptions
  extends KernelLayerOptions,
    FeedbackWeightOptions,
    AsLayersTake<OwnFeedbackOptions>,
    NoiseOptions {}

/** What only dense layers take. */
interface Units {
  /** How many units, and so outputs. */
  units: number;
  /** The last extent of the input, in place of `inputShape`. */
  inputDim?: number;
}

/** What only convolutions take, as `tf.layers.conv2d` does. */
interface Filters {
  /** How many filters, and so channels that come out. */
  filters: number;
  /** Rows and columns of the kernel, or one number for both. */
  kernelSize: Conv2dSpec["kernelSize"];
  /** How far the kernel is moved at a time; 1 when left out. */
  strides?: NonNullable<Conv2dSpec["strides"]>;
  /** `valid` or `same`; `valid` when left out. */
  padding?: NonNullable<Conv2dSpec["padding"]>;
  /** How far apart the kernel's rows and columns lie; 1 when left out. */
  dilationRate?: NonNullable<Conv2dSpec["dilationRate"]>;
  /** In how many groups channels and filters are; 1 when left out. `tf.layers.conv2d` knows of none. */
  groups?: NonNullable<Conv2dSpec["groups"]>;
  /** Only `channelsLast`: images are [batch, height, width, channels]. */
  dataFormat?: "channelsLast";
}

/** The rule of a layer whose errors travel layer by layer. */
interface OwnRule {
  /** The rule, by name or one of one's own. */
  rule: SequentialRuleName | Rule;
}

/** What layers take whose errors come straight from the output. */
interface Direct {
  /** The rule, by name or one of one's own; `dfa` when left out. */
  rule?: DirectRuleName | Rule;
  /** Units of the output layer, or of each where there are several; found out from the model when left out. */
  outputUnits?: number | readonly OutputUnits[];
}

/** What `tf.layers.dense` takes, as far as it is defined here, and where the starting weights come from. */
export interface DenseOptions extends KernelLayerOptions, Units {}

/** Options of a dense layer that keeps feedback weights, or signs with magnitudes in their place. */
export interface FeedbackOptions extends KernelFeedbackOptions, Units {}

/** Options of a dense layer under a rule whose errors travel layer by layer. */
export interface SequentialDenseOptions extends FeedbackOptions, OwnRule {}

/** Options of a hidden dense layer under a rule whose errors come straight from the output. */
export interface DirectHiddenOptions extends FeedbackOptions, Direct {}

/** Options of the output layer of a model with layers that learn straight from its error. */
export interface DirectOutputOptions extends FeedbackOptions {
  /**
   * Its own rule, by which it sends an error to a layer below that waits for one; by a rule whose errors come straight
   * from the output it sends none. `bp` when left out.
   */
  rule?: RuleName | Rule;
}

/** Options of a dense layer under any rule. */
export interface BioDenseOptions extends Omit<DirectHiddenOptions, "rule"> {
  /** The rule, by name or one of one's own. */
  rule: RuleName | Rule;
}

/** What `tf.layers.conv2d` takes, as far as it is defined here, with the options of feedback. */
export interface Conv2dOptions extends KernelFeedbackOptions, Filters {}

/** Options of a convolution under a rule whose errors travel layer by layer. */
export interface SequentialConv2dOptions extends Conv2dOptions, OwnRule {}

/** Options of a convolution under a rule whose errors come straight from the output. */
export interface DirectConv2dOptions extends Conv2dOptions, Direct {}

/** Options of a convolution under any rule. */
export interface BioConv2dOptions extends Omit<DirectConv2dOptions, "rule"> {
  /** The rule, by name or one of one's own. */
  rule: RuleName | Rule;
}
