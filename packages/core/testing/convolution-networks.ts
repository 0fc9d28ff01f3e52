import type {
  BatchNormalizationSpec,
  Conv2dSpec,
  DenseSpec,
  LayerNormalizationSpec,
  LayerSpec,
  NetworkSpec,
} from "@bioflax/core";

/** A small network of convolutions, but for its rule. */
export interface Architecture extends Pick<NetworkSpec, "inputShape" | "layers"> {
  readonly name: string;
  /**
   * Whether windows have several elements that are their largest, and that go on changing apart, so that derivatives
   * forward are of no side; false when left out.
   */
  readonly hasEqualMaxima?: boolean;
}

/** Starting values for tests. */
export const initializers = {
  biasInitializer: { name: "uniform", scale: 0.3 },
  // Of the default's standard deviation, and drawn in a fraction of the time: brsf's tables take longer than the
  // training.
  feedbackInitializer: "lecunUniform",
} as const;

/** A convolution with a bias that is not zero. */
export const conv2d = (
  filters: number,
  kernelSize: Conv2dSpec["kernelSize"],
  options: Partial<Conv2dSpec> = {},
): Conv2dSpec => ({ type: "conv2d", filters, kernelSize, ...initializers, ...options });

/** A dense layer with a bias that is not zero. */
export const dense = (units: number, options: Partial<DenseSpec> = {}): DenseSpec => ({
  type: "dense",
  units,
  ...initializers,
  ...options,
});

/** A normalisation that starts with none of its weights at 0 or 1, and whose moving statistics move far. */
export const normalization = (
  options: Partial<BatchNormalizationSpec> = {},
): BatchNormalizationSpec => ({
  type: "batchNormalization",
  momentum: 0.7,
  gammaInitializer: { name: "normal", mean: 1, stddev: 0.3 },
  betaInitializer: { name: "normal", stddev: 0.3 },
  movingMeanInitializer: { name: "normal", stddev: 0.3 },
  movingVarianceInitializer: { name: "normal", mean: 1, stddev: 0.1 },
  ...options,
});

/** A layer normalisation that starts with neither of its weights at 0 or 1. */
export const layerNormalization = (
  options: Partial<LayerNormalizationSpec> = {},
): LayerNormalizationSpec => ({
  type: "layerNormalization",
  gammaInitializer: { name: "normal", mean: 1, stddev: 0.3 },
  betaInitializer: { name: "normal", stddev: 0.3 },
  ...options,
});

/** Slopes that are not alike. */
const slopes = { name: "uniform", scale: 0.5 } as const;
const relu: LayerSpec = { type: "activation", activation: "relu" };
const flatten: LayerSpec = { type: "flatten" };
const average: LayerSpec = { type: "globalAveragePooling2d" };

const relu6: LayerSpec = { type: "activation", activation: "relu6" };
/** Widened, seen channel by channel, and narrowed, as in MobileNetV2. */
const inverted = (wide: number, filters: number, strides: number): LayerSpec[] => [
  conv2d(wide, 1, { useBias: false }),
  normalization(),
  relu6,
  {
    ...{ type: "depthwiseConv2d", kernelSize: 3, strides, padding: "same", useBias: false },
    ...initializers,
  },
  normalization(),
  relu6,
  conv2d(filters, 1, { useBias: false }),
  normalization(),
];

/** Every kind of layer, in the company it is usually found in and in some that it is not. */
export const architectures: readonly Architecture[] = [
  {
    name: "convolutions",
    inputShape: [6, 5, 2],
    layers: [
      conv2d(3, 3, { activation: "relu" }),
      conv2d(4, [2, 3], { activation: "tanh", useBias: false }),
      flatten,
      dense(3),
    ],
  },
  {
    name: "LeNet",
    inputShape: [9, 8, 1],
    layers: [
      conv2d(2, 3, { activation: "relu", padding: "same" }),
      { type: "maxPooling2d" },
      conv2d(3, [3, 2], { activation: "tanh" }),
      { type: "averagePooling2d", strides: 1 },
      flatten,
      dense(5, { activation: "sigmoid" }),
      dense(3),
    ],
  },
  {
    name: "strides",
    inputShape: [9, 8, 2],
    layers: [
      conv2d(3, 3, { strides: 2, padding: "same", activation: "relu" }),
      conv2d(4, 2, { strides: [1, 2], padding: "same", activation: "leakyRelu" }),
      conv2d(2, [3, 1], { strides: 2, useBias: false }),
      average,
      dense(3),
    ],
  },
  {
    name: "a stride beyond the kernel",
    inputShape: [8, 7, 2],
    layers: [
      conv2d(3, [1, 2], { strides: 3, activation: "tanh" }),
      conv2d(2, 1, { strides: [2, 3], padding: "same" }),
      flatten,
      dense(3),
    ],
  },
  {
    name: "dilation",
    inputShape: [8, 7, 1],
    layers: [
      conv2d(2, 3, { dilationRate: 2, padding: "same", activation: "relu" }),
      conv2d(3, 2, { dilationRate: [1, 2], activation: "tanh" }),
      { type: "globalMaxPooling2d" },
      dense(3),
    ],
  },
  {
    name: "normalisation and dropout",
    inputShape: [6, 5, 2],
    layers: [
      conv2d(3, 3, { useBias: false }),
      normalization(),
      relu,
      { type: "dropout", rate: 0.4 },
      conv2d(2, [2, 1]),
      normalization({ center: false, epsilon: 0.01 }),
      { type: "activation", activation: "sigmoid" },
      flatten,
      dense(4, { useBias: false }),
      normalization({ scale: false }),
      { type: "activation", activation: "tanh" },
      { type: "dropout", rate: 0.25 },
      dense(3),
    ],
  },
  {
    name: "normalisation first and last",
    inputShape: [5, 6, 2],
    layers: [
      normalization(),
      conv2d(2, 3, { activation: "elu" }),
      flatten,
      dense(3),
      normalization(),
    ],
  },
  {
    name: "residual",
    inputShape: [7, 6, 2],
    layers: [
      conv2d(3, 3, { padding: "same", activation: "relu" }),
      // Downwards, with a projection beside it,
      conv2d(4, 3, { padding: "same", strides: 2, useBias: false }),
      normalization(),
      relu,
      conv2d(4, 3, { padding: "same", useBias: false }),
      normalization(),
      conv2d(4, 1, { strides: 2, useBias: false, inputs: [0] }),
      normalization(),
      { type: "add", inputs: [5, 7] },
      relu,
      // and with the identity beside it.
      conv2d(4, [3, 2], { padding: "same" }),
      { type: "add", inputs: [9, 10] },
      relu,
      average,
      dense(3),
    ],
  },
  {
    name: "padding and pooling",
    inputShape: [7, 5, 2],
    layers: [
      {
        type: "zeroPadding2d",
        padding: [
          [1, 0],
          [2, 1],
        ],
      },
      conv2d(3, 3, { strides: 2, activation: "tanh" }),
      { type: "averagePooling2d", poolSize: 3, strides: 2, padding: "same" },
      { type: "zeroPadding2d", padding: [1, 2] },
      { type: "maxPooling2d", poolSize: [3, 2], strides: [2, 1], padding: "same" },
      flatten,
      dense(3),
    ],
  },
  {
    name: "overlapping maxima after rectifiers",
    hasEqualMaxima: true,
    inputShape: [7, 8, 1],
    layers: [
      conv2d(2, 2, { activation: "relu" }),
      { type: "maxPooling2d", poolSize: [2, 3], strides: 1 },
      conv2d(3, 2, { activation: "relu" }),
      { type: "maxPooling2d", poolSize: 3, strides: 2, padding: "same" },
      { type: "globalMaxPooling2d" },
      dense(3),
    ],
  },
  {
    name: "reshaping",
    inputShape: [24],
    layers: [
      { type: "reshape", targetShape: [4, 3, 2] },
      conv2d(3, 2, { activation: "tanh" }),
      { type: "reshape", targetShape: [2, 3, 3] },
      conv2d(2, [1, 2], { activation: "relu" }),
      flatten,
      dense(12, { activation: "tanh" }),
      { type: "reshape", targetShape: [3, 2, 2] },
      conv2d(2, 2),
      { type: "reshape", targetShape: [4] },
      dense(3),
    ],
  },
  {
    name: "activations",
    inputShape: [5, 6, 2],
    layers: [
      conv2d(3, 2),
      { type: "activation", activation: "softmax" },
      conv2d(3, 2, { activation: "softmax" }),
      conv2d(2, 2, { activation: "gelu" }),
      { type: "activation", activation: "silu" },
      average,
      { type: "activation", activation: "softplus" },
      dense(3),
      { type: "activation", activation: "tanh" },
    ],
  },
  {
    name: "a convolution's channels as outputs",
    inputShape: [6, 5, 2],
    layers: [
      conv2d(4, 3, { activation: "relu" }),
      conv2d(3, [2, 1], { activation: "tanh" }),
      average,
    ],
  },
  {
    name: "branches that meet in the output",
    inputShape: [5, 4, 2],
    layers: [
      conv2d(3, 2, { activation: "tanh" }),
      flatten,
      dense(3),
      conv2d(3, 3, { inputs: [-1] }),
      average,
      { type: "add", inputs: [2, 4] },
    ],
  },
  {
    name: "more units than outputs in the last dense layer",
    inputShape: [5, 4, 1],
    layers: [
      conv2d(2, 2, { activation: "relu" }),
      flatten,
      dense(12, { activation: "tanh" }),
      { type: "reshape", targetShape: [2, 2, 3] },
      average,
    ],
  },
  {
    name: "kernels as large as the image, and one pixel",
    inputShape: [4, 3, 2],
    layers: [
      conv2d(3, [4, 3], { activation: "tanh" }),
      conv2d(4, 3, { padding: "same", activation: "relu" }),
      { type: "maxPooling2d", poolSize: 1 },
      conv2d(2, 1),
      flatten,
      dense(3),
    ],
  },
  {
    name: "the same input twice",
    inputShape: [4, 5, 1],
    layers: [
      conv2d(2, 2, { activation: "tanh" }),
      { type: "add", inputs: [0, 0] },
      conv2d(3, 2, { activation: "tanh" }),
      { type: "add", inputs: [2] },
      flatten,
      dense(3),
    ],
  },
  {
    name: "learned slopes and layer normalisation",
    inputShape: [5, 4, 2],
    layers: [
      conv2d(3, 2, { activation: "relu6" }),
      layerNormalization(),
      { type: "prelu", sharedAxes: [1, 2], alphaInitializer: slopes },
      conv2d(3, 2),
      { type: "prelu", alphaInitializer: slopes },
      layerNormalization({ center: false, epsilon: 0.1 }),
      flatten,
      dense(4),
      layerNormalization({ scale: false }),
      { type: "leakyReLU", alpha: 0.2 },
      dense(6),
      { type: "prelu", alphaInitializer: slopes },
      dense(3),
    ],
  },
  {
    name: "branches side by side",
    inputShape: [5, 4, 2],
    layers: [
      conv2d(3, 2, { padding: "same", activation: "tanh" }),
      conv2d(2, 3, { padding: "same", inputs: [-1] }),
      { type: "concatenate", inputs: [0, 1, -1] },
      conv2d(2, 2, { activation: "relu" }),
      { type: "concatenate", inputs: [3, 3], axis: 1 },
      conv2d(2, [2, 1], { activation: "tanh", strides: 2 }),
      flatten,
      dense(3, { inputs: [6], activation: "tanh" }),
      { type: "concatenate", inputs: [6, 7] },
      dense(3),
    ],
  },
  {
    name: "depthwise, and groups",
    inputShape: [7, 6, 2],
    layers: [
      {
        ...{ type: "depthwiseConv2d", kernelSize: 3, padding: "same", strides: 2 },
        ...{ ...initializers, activation: "relu6" },
      },
      conv2d(4, 1, { activation: "tanh" }),
      conv2d(6, [2, 3], { groups: 2, padding: "same", activation: "relu" }),
      {
        ...{ type: "depthwiseConv2d", kernelSize: [2, 1], depthMultiplier: 2, strides: [1, 2] },
        ...{ ...initializers, activation: "tanh" },
      },
      conv2d(3, 2, { groups: 3, strides: [2, 1], useBias: false }),
      flatten,
      dense(3),
    ],
  },
  {
    name: "inverted residuals",
    inputShape: [6, 5, 2],
    layers: [
      conv2d(3, 3, { padding: "same", useBias: false }),
      normalization(),
      relu6,
      ...inverted(6, 3, 1),
      { type: "add", inputs: [2, 10] },
      ...inverted(6, 4, 2),
      average,
      dense(3),
    ],
  },
  {
    name: "sequences",
    inputShape: [9, 2],
    layers: [
      { type: "conv1d", filters: 3, kernelSize: 3, activation: "tanh", ...initializers },
      layerNormalization(),
      {
        ...{ type: "conv1d", filters: 4, kernelSize: 2, dilationRate: 2, padding: "same" },
        ...{ ...initializers, activation: "relu" },
      },
      { type: "conv1d", filters: 2, kernelSize: 2, strides: 2, ...initializers, useBias: false },
      flatten,
      dense(3),
    ],
  },
  {
    name: "transposed",
    inputShape: [3, 4, 2],
    layers: [
      {
        ...{ type: "conv2dTranspose", filters: 3, kernelSize: 3, strides: 2 },
        ...{ ...initializers, activation: "tanh" },
      },
      {
        ...{ type: "conv2dTranspose", filters: 2, kernelSize: [2, 3], padding: "same" },
        ...{ ...initializers, activation: "relu" },
      },
      conv2d(3, 3, { strides: 2, activation: "tanh" }),
      {
        ...{ type: "conv2dTranspose", filters: 2, kernelSize: 2, strides: [3, 2] },
        ...{ ...initializers, padding: "same", useBias: false },
      },
      average,
      dense(3),
    ],
  },
];

/**
 * Maxima among equals, everywhere: where the loss has no derivative, and the first of them takes the error. (Rectifiers
 * make equals too, but no error passes them there.)
 */
export const equals: Architecture = {
  name: "equals",
  hasEqualMaxima: true,
  inputShape: [7, 8, 2],
  layers: [
    conv2d(2, 2, { activation: "tanh" }),
    conv2d(3, 2, { activation: "tanh", kernelInitializer: "zeros" }),
    { type: "maxPooling2d", poolSize: [2, 3], strides: [1, 2], padding: "same" },
    { type: "globalMaxPooling2d" },
    dense(3),
  ],
};
