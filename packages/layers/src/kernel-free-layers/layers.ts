import {
  activationName,
  type GlobalPooling2dSpec,
  type OptionNames,
  type OwnOptions,
  ownOptionNames,
  type Pooling2dSpec,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { layerNames, noiseNames } from "../base/option-names";
import type { ActivationOption, AsLayersTake } from "../base/options";
import { BaseKernelFreeLayer, type KernelFreeLayerOptions } from "./kernel-free-layer";

/** Images as TensorFlow.js may have them and bioflax has them. */
interface Images {
  /** Only `channelsLast`: images are [batch, height, width, channels]. */
  dataFormat?: "channelsLast";
}

/** Options of {@link bioMaxPooling2d} and {@link bioAveragePooling2d}. */
export interface Pooling2dOptions
  extends KernelFreeLayerOptions,
    Images,
    OwnOptions<Pooling2dSpec["type"]> {}

const kernelFreeNames: OptionNames<KernelFreeLayerOptions> = { ...layerNames, ...noiseNames };
const poolingNames: OptionNames<Pooling2dOptions> = {
  ...kernelFreeNames,
  ...ownOptionNames("maxPooling2d"),
  dataFormat: true,
};

const anyImage = { probe: [1 << 16, 1 << 16, 1], axes: 3 } as const;

const pooling = (
  type: Pooling2dSpec["type"],
  { poolSize, strides, padding }: Pooling2dOptions,
): Pooling2dSpec => ({
  type,
  poolSize: poolSize ?? 2,
  strides: strides ?? poolSize ?? 2,
  padding: padding ?? "valid",
});

/** The largest of each window. */
export class MaxPooling2d extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxMaxPooling2d";
  static override readonly optionNames: Readonly<Record<string, true>> = poolingNames;

  constructor(options: Pooling2dOptions = {}) {
    super(options, pooling("maxPooling2d", options), anyImage);
  }
}
tf.serialization.registerClass(MaxPooling2d as never);

/** The mean of each window. */
export class AveragePooling2d extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxAveragePooling2d";
  static override readonly optionNames: Readonly<Record<string, true>> = poolingNames;

  constructor(options: Pooling2dOptions = {}) {
    super(options, pooling("averagePooling2d", options), anyImage);
  }
}
tf.serialization.registerClass(AveragePooling2d as never);

/** Options of {@link bioGlobalMaxPooling2d}. */
export interface GlobalPooling2dOptions extends KernelFreeLayerOptions, Images {}

const globalNames: OptionNames<GlobalPooling2dOptions> = { ...kernelFreeNames, dataFormat: true };
const globalMax: GlobalPooling2dSpec = { type: "globalMaxPooling2d" };

/** The largest of each channel. */
export class GlobalMaxPooling2d extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxGlobalMaxPooling2d";
  static override readonly optionNames: Readonly<Record<string, true>> = globalNames;

  constructor(options: GlobalPooling2dOptions = {}) {
    super(options, globalMax, anyImage);
  }
}
tf.serialization.registerClass(GlobalMaxPooling2d as never);

/** Options of {@link bioDropout}. */
export interface DropoutOptions extends KernelFreeLayerOptions, OwnOptions<"dropout"> {}

const dropoutNames: OptionNames<DropoutOptions> = {
  ...kernelFreeNames,
  ...ownOptionNames("dropout"),
};

/** Dropout with seeded masks. */
export class Dropout extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxDropout";
  static override readonly optionNames: Readonly<Record<string, true>> = dropoutNames;

  constructor(options: DropoutOptions) {
    super(options, { type: "dropout", rate: options.rate }, { probe: [1] });
  }
}
tf.serialization.registerClass(Dropout as never);

/** Options of {@link bioActivation}. */
export interface ActivationOptions extends KernelFreeLayerOptions {
  /** φ, under bioflax's name or TensorFlow.js's. */
  activation: ActivationOption;
}

const activationNames: OptionNames<ActivationOptions> = {
  ...kernelFreeNames,
  ...ownOptionNames("activation"),
};

/** An activation as a layer of its own. */
export class Activation extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxActivation";
  static override readonly optionNames: Readonly<Record<string, true>> = activationNames;

  constructor(options: ActivationOptions) {
    const activation = activationName(options.activation);
    super(options, { type: "activation", activation }, { probe: [1] });
  }
}
tf.serialization.registerClass(Activation as never);

const elsewhere = "use tf.layers.batchNormalization";
/** What TensorFlow.js's batch normalisation takes and ours does not. */
const refusedOptions = {
  betaRegularizer: elsewhere,
  gammaRegularizer: elsewhere,
  betaConstraint: elsewhere,
  gammaConstraint: elsewhere,
};

/** Options of {@link bioBatchNormalization}. */
export interface BatchNormalizationOptions
  extends KernelFreeLayerOptions,
    AsLayersTake<OwnOptions<"batchNormalization">> {}

const ownNames = ownOptionNames("batchNormalization");
const normalizationNames: OptionNames<BatchNormalizationOptions> = {
  ...kernelFreeNames,
  ...ownNames,
};
const initializerNames = Object.keys(ownNames).filter((name) =>
  name.endsWith("Initializer"),
) as Extract<keyof typeof ownNames, `${string}Initializer`>[];

/** Batch normalisation over all axes but the last. */
export class BatchNormalization extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxBatchNormalization";
  static override readonly optionNames: Readonly<Record<string, true>> = normalizationNames;
  static override readonly refusedOptions: Readonly<Record<string, string>> = refusedOptions;

  constructor(options: BatchNormalizationOptions = {}) {
    const { momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = options;
    const initializers = initializerNames.flatMap((option) =>
      options[option] == null ? [] : [[option, options[option]]],
    );
    super(
      options,
      { type: "batchNormalization", momentum, epsilon, center, scale },
      { probe: [1], initializers: Object.fromEntries(initializers) },
    );
  }
}
tf.serialization.registerClass(BatchNormalization as never);
