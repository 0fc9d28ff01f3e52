import { learningOptionNames, type OptionNames } from "@bioflax/core";
import type {
  Conv2dOptions,
  DirectConv2dOptions,
  DirectHiddenOptions,
  FeedbackOptions,
  KernelFeedbackOptions,
  LayerOptions,
  NoiseOptions,
  OutputUnits,
} from "./options";

/** What all layers take. */
export const layerNames: OptionNames<LayerOptions> = {
  inputShape: true,
  batchInputShape: true,
  batchSize: true,
  name: true,
  trainable: true,
  weights: true,
  dtype: true,
  seed: true,
};

export const noiseNames: OptionNames<NoiseOptions> = { noiseName: true, noiseStep: true };

const kernelNames: OptionNames<KernelFeedbackOptions> = {
  ...layerNames,
  ...noiseNames,
  ...learningOptionNames,
  kernelRegularizer: true,
  biasRegularizer: true,
  kernelConstraint: true,
  biasConstraint: true,
  activation: true,
  useBias: true,
  kernelInitializer: true,
  biasInitializer: true,
};

const denseNames: OptionNames<FeedbackOptions> = { ...kernelNames, units: true, inputDim: true };

const conv2dNames: OptionNames<Conv2dOptions> = {
  ...kernelNames,
  filters: true,
  kernelSize: true,
  strides: true,
  padding: true,
  dilationRate: true,
  groups: true,
  dataFormat: true,
};

/** What dense layers take under any rule; where errors come from above, `outputUnits` is none of them. */
export const sequentialDenseNames = { ...denseNames, rule: true } as const;
export const directDenseNames: OptionNames<DirectHiddenOptions> = {
  ...sequentialDenseNames,
  outputUnits: true,
};

/** What convolutions take. */
export const sequentialConv2dNames = { ...conv2dNames, rule: true } as const;
export const directConv2dNames: OptionNames<DirectConv2dOptions> = {
  ...sequentialConv2dNames,
  outputUnits: true,
};

/** What TensorFlow.js's layers take and ours refuse with a reason of their own. */
export const foreignNames = {
  activityRegularizer: true,
  dataFormat: true,
  betaRegularizer: true,
  gammaRegularizer: true,
  betaConstraint: true,
  gammaConstraint: true,
} as const;

/** One of several output layers, as it is told. */
export const outputUnitsNames: OptionNames<OutputUnits> = { name: true, units: true, weight: true };
