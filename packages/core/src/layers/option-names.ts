import type { OptionNames } from "../option-names";
import { learningOptionNames } from "./learning-option-names";
import type { KernelOptions, LayerSpec } from "./specs";

/** The spec of a type. */
export type SpecOf<Type, Spec = LayerSpec> = Spec extends { readonly type: infer Own }
  ? Type extends Own
    ? Spec
    : never
  : never;

/** What every layer takes beside its own options. */
export const placedNames = { type: true, name: true, inputs: true } as const;

/** What every layer with a kernel takes beside its own options. */
export const kernelOptionNames: OptionNames<KernelOptions> & typeof placedNames = {
  ...placedNames,
  activation: true,
  useBias: true,
  kernelInitializer: true,
  biasInitializer: true,
  rule: true,
  ...learningOptionNames,
};

const windowNames = {
  kernelSize: true,
  strides: true,
  padding: true,
  dilationRate: true,
} as const;

const pooling = { ...placedNames, poolSize: true, strides: true, padding: true } as const;

/** What each kind of layer takes, with its type, name and inputs. */
export const layerOptionNames: {
  readonly [Type in LayerSpec["type"]]: OptionNames<SpecOf<Type>>;
} = {
  dense: { ...kernelOptionNames, units: true },
  conv2d: { ...kernelOptionNames, filters: true, ...windowNames, groups: true },
  conv1d: { ...kernelOptionNames, filters: true, ...windowNames },
  depthwiseConv2d: { ...kernelOptionNames, ...windowNames, depthMultiplier: true },
  conv2dTranspose: {
    ...kernelOptionNames,
    filters: true,
    kernelSize: true,
    strides: true,
    padding: true,
  },
  simpleRNN: { ...kernelOptionNames, units: true, returnSequences: true },
  gru: {
    ...kernelOptionNames,
    units: true,
    recurrentActivation: true,
    resetAfter: true,
    returnSequences: true,
  },
  embedding: { ...kernelOptionNames, inputDim: true, outputDim: true },
  maxPooling2d: pooling,
  averagePooling2d: pooling,
  globalMaxPooling2d: placedNames,
  globalAveragePooling2d: placedNames,
  flatten: placedNames,
  reshape: { ...placedNames, targetShape: true },
  activation: { ...placedNames, activation: true },
  leakyReLU: { ...placedNames, alpha: true },
  prelu: { ...placedNames, alphaInitializer: true, sharedAxes: true },
  zeroPadding2d: { ...placedNames, padding: true },
  dropout: { ...placedNames, rate: true },
  batchNormalization: {
    ...placedNames,
    momentum: true,
    epsilon: true,
    center: true,
    scale: true,
    betaInitializer: true,
    gammaInitializer: true,
    movingMeanInitializer: true,
    movingVarianceInitializer: true,
  },
  layerNormalization: {
    ...placedNames,
    epsilon: true,
    center: true,
    scale: true,
    betaInitializer: true,
    gammaInitializer: true,
  },
  positionEmbedding: { ...placedNames, positionsInitializer: true },
  attention: { ...placedNames, heads: true, causal: true },
  cropping1d: { ...placedNames, cropping: true },
  add: placedNames,
  concatenate: { ...placedNames, axis: true },
};

/** What a layer of a type is told of itself, and not of its place in a network. */
export type OwnOptions<Type extends LayerSpec["type"]> = Omit<
  SpecOf<Type>,
  "type" | "name" | "inputs"
>;

/** What layers of a type take of their own, by name, in the order of the docs. */
export function ownOptionNames<Type extends LayerSpec["type"]>(
  type: Type,
): OptionNames<OwnOptions<Type>> {
  const {
    type: _type,
    name: _name,
    inputs: _inputs,
    ...own
  } = layerOptionNames[type] as typeof placedNames;
  return own as unknown as OptionNames<OwnOptions<Type>>;
}
