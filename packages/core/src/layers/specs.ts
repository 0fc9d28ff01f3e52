import type { ActivationName } from "../activations/registry";
import type { InitializerSpec } from "../initializers/registry";
import type { Shape } from "../ops/tensor-ops";
import type { Pair } from "../ops/window";
import type { OpenName } from "../registry";
import type { RuleName } from "../rules/registry";
import type { LearningOptions } from "./learning-options";

/** What all layers share. */
export interface Placed {
  /**
   * Random-stream key: what masks of dropout and noise of its rule are drawn under, beside the seed; `layers.<index>`.
   */
  readonly name?: string;
  /**
   * The layers whose outputs go in, by index, −1 for the network's input; the layer before when left out. Only `add`
   * and `concatenate` take several.
   */
  readonly inputs?: readonly number[];
}

/** What all layers with a kernel share; what is left out has the default named in its comment. */
export interface KernelOptions extends Placed, LearningOptions {
  /** φ; `identity`. */
  readonly activation?: OpenName<ActivationName>;
  /** Whether a bias is added; true. */
  readonly useBias?: boolean;
  /** Starting kernel; `lecunNormal`. */
  readonly kernelInitializer?: InitializerSpec;
  /** Starting bias; `zeros`. */
  readonly biasInitializer?: InitializerSpec;
  /** The layer's own learning rule; the network's. */
  readonly rule?: OpenName<RuleName>;
}

/** A dense layer as plain JSON. */
export interface DenseSpec extends KernelOptions {
  readonly type: "dense";
  /** How many units, and so outputs. */
  readonly units: number;
}

/** Padding by name: `same` for as many places as strides ask for, `valid` for none. */
export type PaddingName = "same" | "valid";

/** A convolution over images, [height, width, channels], as plain JSON. */
export interface Conv2dSpec extends KernelOptions {
  readonly type: "conv2d";
  /** How many filters, and so channels that come out. */
  readonly filters: number;
  /** Rows and columns of the kernel, or one number for both. */
  readonly kernelSize: number | Pair;
  /** How far the kernel is moved at a time; 1. */
  readonly strides?: number | Pair;
  /** `valid`. */
  readonly padding?: PaddingName;
  /** How far apart the kernel's rows and columns lie; 1. Other than 1 only with strides of 1, as in TensorFlow.js. */
  readonly dilationRate?: number | Pair;
  /** In how many groups channels and filters are, each filter seeing the channels of its group alone; 1. */
  readonly groups?: number;
}

/** A convolution along the steps of a sequence, [steps, channels], as plain JSON. */
export interface Conv1dSpec extends KernelOptions {
  readonly type: "conv1d";
  /** How many filters, and so channels that come out. */
  readonly filters: number;
  /** Steps of the kernel. */
  readonly kernelSize: number | readonly [number];
  /** How far the kernel is moved at a time; 1. */
  readonly strides?: number | readonly [number];
  /** `valid`. */
  readonly padding?: PaddingName;
  /** How far apart the kernel's steps lie; 1. Other than 1 only with strides of 1, as in TensorFlow.js. */
  readonly dilationRate?: number | readonly [number];
}

/** A convolution of each channel of images by itself, [height, width, channels], as plain JSON. */
export interface DepthwiseConv2dSpec extends KernelOptions {
  readonly type: "depthwiseConv2d";
  /** Rows and columns of the kernel, or one number for both. */
  readonly kernelSize: number | Pair;
  /** How many channels come out for each that goes in; 1. */
  readonly depthMultiplier?: number;
  /** How far the kernel is moved at a time; 1. */
  readonly strides?: number | Pair;
  /** `valid`. */
  readonly padding?: PaddingName;
  /** How far apart the kernel's rows and columns lie; 1. Other than 1 only with strides of 1, as in TensorFlow.js. */
  readonly dilationRate?: number | Pair;
}

/** The transpose of a convolution over images, [height, width, channels], which makes them larger, as plain JSON. */
export interface Conv2dTransposeSpec extends KernelOptions {
  readonly type: "conv2dTranspose";
  /** How many filters, and so channels that come out. */
  readonly filters: number;
  /** Rows and columns of the kernel, or one number for both. */
  readonly kernelSize: number | Pair;
  /** How far apart what two neighbours put out lies; 1. */
  readonly strides?: number | Pair;
  /** `valid`, all that the kernel reaches; `same`, as many times as large as strides say. `valid`. */
  readonly padding?: PaddingName;
}

/** What recurrent layers share beside what all layers with a kernel do; their `activation` is `tanh` when left out. */
interface RecurrentOptions extends KernelOptions {
  /** How many units, and so numbers a state has. */
  readonly units: number;
  /** Whether the state after every step is put out, [steps, units], rather than the last alone; false. */
  readonly returnSequences?: boolean;
}

/** A simple recurrent layer over sequences, [steps, in], as plain JSON. */
export interface SimpleRNNSpec extends RecurrentOptions {
  readonly type: "simpleRNN";
}

/** A layer of gated recurrent units over sequences, [steps, in], as plain JSON. */
export interface GRUSpec extends RecurrentOptions {
  readonly type: "gru";
  /** ψ, the activation of the gates; `sigmoid`. */
  readonly recurrentActivation?: OpenName<ActivationName>;
  /** Whether the reset gate multiplies what the kernel has made of the state, rather than the state; true. */
  readonly resetAfter?: boolean;
}

/** A vector for each symbol of a sequence of their numbers, [steps], as plain JSON; `useBias` is false when left out. */
export interface EmbeddingSpec extends KernelOptions {
  readonly type: "embedding";
  /** How many symbols there are: the input is whole numbers from 0 to below it. */
  readonly inputDim: number;
  /** How many numbers a vector has. */
  readonly outputDim: number;
}

/** The largest or the mean of each window, as plain JSON. */
export interface Pooling2dSpec extends Placed {
  readonly type: "maxPooling2d" | "averagePooling2d";
  /** Rows and columns of the window; 2. */
  readonly poolSize?: number | Pair;
  /** How far it is moved at a time; its own size. */
  readonly strides?: number | Pair;
  /** `valid`. */
  readonly padding?: PaddingName;
}

/** The largest or the mean of each channel, as plain JSON: [height, width, channels] → [channels]. */
export interface GlobalPooling2dSpec extends Placed {
  readonly type: "globalMaxPooling2d" | "globalAveragePooling2d";
}

/** The input as one vector, row-major, as plain JSON. */
export interface FlattenSpec extends Placed {
  readonly type: "flatten";
}

/** The input under another shape, row-major, as plain JSON. */
export interface ReshapeSpec extends Placed {
  readonly type: "reshape";
  /** Shape of one example, without the batch. */
  readonly targetShape: Shape;
}

/** An activation on its own, as plain JSON. */
export interface ActivationSpec extends Placed {
  readonly type: "activation";
  /** φ. */
  readonly activation: OpenName<ActivationName>;
}

/** A rectifier that leaks by any slope, as plain JSON: the activation `leakyRelu` has 0.01. */
export interface LeakyReLUSpec extends Placed {
  readonly type: "leakyReLU";
  /** The slope below 0; 0.3, as in TensorFlow.js. */
  readonly alpha?: number;
}

/** A rectifier whose slopes below 0 are learned, as plain JSON. */
export interface PreluSpec extends Placed {
  readonly type: "prelu";
  /** Starting slopes; `zeros`. */
  readonly alphaInitializer?: InitializerSpec;
  /** Axes along which a slope is the same, counted from 1, the first after the batch: [1, 2] for one a channel; none. */
  readonly sharedAxes?: readonly number[];
}

/** Zeros around images, as plain JSON. */
export interface ZeroPadding2dSpec extends Placed {
  readonly type: "zeroPadding2d";
  /**
   * Rows above and below and columns left and right: one number, [rows, columns], or [[top, bottom], [left, right]]; 1.
   */
  readonly padding?: number | Pair | readonly [Pair, Pair];
}

/** Dropout, as plain JSON: in training each value is 0 with probability `rate`, else divided by 1 − rate. */
export interface DropoutSpec extends Placed {
  readonly type: "dropout";
  /** From 0 to below 1. */
  readonly rate: number;
}

/** Batch normalisation over all axes but the last, as plain JSON. */
export interface BatchNormalizationSpec extends Placed {
  readonly type: "batchNormalization";
  /** How much of the moving statistics stays at a step; 0.99. */
  readonly momentum?: number;
  /** ε beside the variance; 0.001. */
  readonly epsilon?: number;
  /** Whether β is added; true. */
  readonly center?: boolean;
  /** Whether the result is multiplied by γ; true. */
  readonly scale?: boolean;
  /** Starting β; `zeros`. */
  readonly betaInitializer?: InitializerSpec;
  /** Starting γ; `ones`. */
  readonly gammaInitializer?: InitializerSpec;
  /** Starting moving mean; `zeros`. */
  readonly movingMeanInitializer?: InitializerSpec;
  /** Starting moving variance; `ones`. */
  readonly movingVarianceInitializer?: InitializerSpec;
}

/** Layer normalisation over the last axis, as plain JSON. */
export interface LayerNormalizationSpec extends Placed {
  readonly type: "layerNormalization";
  /** ε beside the variance; 0.001. */
  readonly epsilon?: number;
  /** Whether β is added; true. */
  readonly center?: boolean;
  /** Whether the result is multiplied by γ; true. */
  readonly scale?: boolean;
  /** Starting β; `zeros`. */
  readonly betaInitializer?: InitializerSpec;
  /** Starting γ; `ones`. */
  readonly gammaInitializer?: InitializerSpec;
}

/** A learnt vector added to each step of a sequence, [steps, units], as plain JSON. */
export interface PositionEmbeddingSpec extends Placed {
  readonly type: "positionEmbedding";
  /** Starting vectors; `{ name: "normal", stddev: 0.02 }`. */
  readonly positionsInitializer?: InitializerSpec;
}

/** Self-attention over the steps of a sequence, [steps, 3 · units], of queries, keys and values, as plain JSON. */
export interface AttentionSpec extends Placed {
  readonly type: "attention";
  /** In how many parts, each with an attention of its own, the units are; 1. */
  readonly heads?: number;
  /** Whether a step sees only itself and those before it; false. */
  readonly causal?: boolean;
}

/** A sequence without some of its first and last steps, [steps, units], as plain JSON. */
export interface Cropping1dSpec extends Placed {
  readonly type: "cropping1d";
  /** How many steps are left out at each end: one number for both, or [first, last]; 1. */
  readonly cropping?: number | Pair;
}

/** The sum of several layers' outputs, as plain JSON: where branches meet. */
export interface AddSpec extends Placed {
  readonly type: "add";
}

/** Several layers' outputs one after another along an axis, as plain JSON. */
export interface ConcatenateSpec extends Placed {
  readonly type: "concatenate";
  /** The axis, counted from 1, the first after the batch, or from the last, which is −1; −1. */
  readonly axis?: number;
}

/** A layer with a kernel, for a rule to teach, as plain JSON. */
export type KernelLayerSpec =
  | DenseSpec
  | Conv2dSpec
  | Conv1dSpec
  | DepthwiseConv2dSpec
  | Conv2dTransposeSpec
  | SimpleRNNSpec
  | GRUSpec
  | EmbeddingSpec;

/** A layer without a kernel, which hands errors on by its own derivative under every rule, as plain JSON. */
export type KernelFreeLayerSpec =
  | Pooling2dSpec
  | GlobalPooling2dSpec
  | FlattenSpec
  | ReshapeSpec
  | ActivationSpec
  | LeakyReLUSpec
  | PreluSpec
  | ZeroPadding2dSpec
  | DropoutSpec
  | BatchNormalizationSpec
  | LayerNormalizationSpec
  | PositionEmbeddingSpec
  | AttentionSpec
  | Cropping1dSpec
  | AddSpec
  | ConcatenateSpec;

/** Any layer as plain JSON. */
export type LayerSpec = KernelLayerSpec | KernelFreeLayerSpec;
