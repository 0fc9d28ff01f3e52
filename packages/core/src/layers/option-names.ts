import type { OptionNames } from "../option-names";
import type { KernelOptions, LayerSpec, MirroringSpec } from "./specs";

/** The spec of a type. */
type SpecOf<Type, Spec = LayerSpec> = Spec extends { readonly type: infer Own }
  ? Type extends Own
    ? Spec
    : never
  : never;

const placed = { type: true, name: true, inputs: true } as const;

const kernel: OptionNames<KernelOptions> & typeof placed = {
  ...placed,
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

const pooling = { ...placed, poolSize: true, strides: true, padding: true } as const;

/** What each kind of layer takes, with its type, name and inputs. */
export const layerOptionNames: {
  readonly [Type in LayerSpec["type"]]: OptionNames<SpecOf<Type>>;
} = {
  dense: { ...kernel, units: true },
  conv2d: {
    ...kernel,
    filters: true,
    kernelSize: true,
    strides: true,
    padding: true,
    dilationRate: true,
  },
  maxPooling2d: pooling,
  averagePooling2d: pooling,
  globalMaxPooling2d: placed,
  globalAveragePooling2d: placed,
  flatten: placed,
  reshape: { ...placed, targetShape: true },
  activation: { ...placed, activation: true },
  zeroPadding2d: { ...placed, padding: true },
  dropout: { ...placed, rate: true },
  batchNormalization: {
    ...placed,
    momentum: true,
    epsilon: true,
    center: true,
    scale: true,
    betaInitializer: true,
    gammaInitializer: true,
    movingMeanInitializer: true,
    movingVarianceInitializer: true,
  },
  add: placed,
};

/** How feedback weights mirror the kernel. */
export const mirroringNames: OptionNames<MirroringSpec> = {
  steps: true,
  batch: true,
  rate: true,
  decay: true,
  stddev: true,
};
