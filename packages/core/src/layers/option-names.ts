import type { OptionNames } from "../option-names";
import type { KernelOptions, LayerSpec, MirroringSpec } from "./specs";

/** The spec of a type. */
type SpecOf<Type, Spec = LayerSpec> = Spec extends { readonly type: infer Own }
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
  feedbackInitializer: true,
  rule: true,
  feedbackConnections: true,
  feedbackProjection: true,
  mirroring: true,
  constrainNorm: true,
  clipNorm: true,
};

const pooling = { ...placedNames, poolSize: true, strides: true, padding: true } as const;

/** What each kind of layer takes, with its type, name and inputs. */
export const layerOptionNames: {
  readonly [Type in LayerSpec["type"]]: OptionNames<SpecOf<Type>>;
} = {
  dense: { ...kernelOptionNames, units: true },
  conv2d: {
    ...kernelOptionNames,
    filters: true,
    kernelSize: true,
    strides: true,
    padding: true,
    dilationRate: true,
  },
  maxPooling2d: pooling,
  averagePooling2d: pooling,
  globalMaxPooling2d: placedNames,
  globalAveragePooling2d: placedNames,
  flatten: placedNames,
  reshape: { ...placedNames, targetShape: true },
  activation: { ...placedNames, activation: true },
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
  add: placedNames,
};

/** How feedback weights mirror the kernel. */
export const mirroringNames: OptionNames<MirroringSpec> = {
  steps: true,
  batch: true,
  rate: true,
  decay: true,
  stddev: true,
};
