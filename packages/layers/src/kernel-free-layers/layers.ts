import {
  activation as activationLayer,
  activationName,
  averagePooling2d,
  batchNormalization,
  dropout,
  type GlobalPooling2dSpec,
  globalMaxPooling2d,
  layerNormalization,
  maxPooling2d,
  type OptionNames,
  type OwnOptions,
  ownOptionNames,
  type Pooling2dSpec,
  prelu,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { layerNames, noiseNames } from "../base/option-names";
import type { ActivationOption, AsLayersTake, InitializerOption } from "../base/options";
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
    super(options, pooling("maxPooling2d", options), { kind: maxPooling2d, ...anyImage });
  }
}
tf.serialization.registerClass(MaxPooling2d as never);

/** The mean of each window. */
export class AveragePooling2d extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxAveragePooling2d";
  static override readonly optionNames: Readonly<Record<string, true>> = poolingNames;

  constructor(options: Pooling2dOptions = {}) {
    super(options, pooling("averagePooling2d", options), { kind: averagePooling2d, ...anyImage });
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
    super(options, globalMax, { kind: globalMaxPooling2d, ...anyImage });
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
    super(options, { type: "dropout", rate: options.rate }, { kind: dropout, probe: [1] });
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
    super(options, { type: "activation", activation }, { kind: activationLayer, probe: [1] });
  }
}
tf.serialization.registerClass(Activation as never);

/** Of a layer's options, how its weights start. */
const initializersOf = <Options extends object>(options: Options, names: object) =>
  Object.fromEntries(
    Object.keys(names).flatMap((name) => {
      const value = name.endsWith("Initializer") ? options[name as keyof Options] : null;
      return value == null ? [] : [[name, value as InitializerOption]];
    }),
  );

/** Options of {@link bioPrelu}. */
export interface PreluOptions extends KernelFreeLayerOptions, AsLayersTake<OwnOptions<"prelu">> {}

const preluNames: OptionNames<PreluOptions> = { ...kernelFreeNames, ...ownOptionNames("prelu") };

/** A rectifier whose slopes below 0 are learned. */
export class Prelu extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxPrelu";
  static override readonly optionNames: Readonly<Record<string, true>> = preluNames;
  static override readonly refusedOptions: Readonly<Record<string, string>> = {
    alphaRegularizer: "use tf.layers.prelu",
    alphaConstraint: "use tf.layers.prelu",
  };

  constructor(options: PreluOptions = {}) {
    const { sharedAxes } = options;
    const shared = typeof sharedAxes === "number" ? [sharedAxes] : sharedAxes;
    super(
      options,
      { type: "prelu", ...(shared != null && { sharedAxes: shared }) },
      {
        kind: prelu,
        // With as many axes as are shared.
        probe: Array.from({ length: Math.max(1, ...(shared ?? [])) }, () => 1),
        initializers: initializersOf(options, preluNames),
      },
    );
  }
}
tf.serialization.registerClass(Prelu as never);

/** Options of {@link bioLayerNormalization}. */
export interface LayerNormalizationOptions
  extends KernelFreeLayerOptions,
    AsLayersTake<OwnOptions<"layerNormalization">> {}

const layerNormalizationNames: OptionNames<LayerNormalizationOptions> = {
  ...kernelFreeNames,
  ...ownOptionNames("layerNormalization"),
};

/** Layer normalisation over the last axis. */
export class LayerNormalization extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxLayerNormalization";
  static override readonly optionNames: Readonly<Record<string, true>> = layerNormalizationNames;
  static override readonly refusedOptions: Readonly<Record<string, string>> = {
    betaRegularizer: "use tf.layers.layerNormalization",
    gammaRegularizer: "use tf.layers.layerNormalization",
  };

  constructor(options: LayerNormalizationOptions = {}) {
    const { epsilon = 1e-3, center = true, scale = true } = options;
    super(
      options,
      { type: "layerNormalization", epsilon, center, scale },
      {
        kind: layerNormalization,
        probe: [1],
        initializers: initializersOf(options, layerNormalizationNames),
      },
    );
  }
}
tf.serialization.registerClass(LayerNormalization as never);

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

const normalizationNames: OptionNames<BatchNormalizationOptions> = {
  ...kernelFreeNames,
  ...ownOptionNames("batchNormalization"),
};

/** Batch normalisation over all axes but the last. */
export class BatchNormalization extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxBatchNormalization";
  static override readonly optionNames: Readonly<Record<string, true>> = normalizationNames;
  static override readonly refusedOptions: Readonly<Record<string, string>> = refusedOptions;

  constructor(options: BatchNormalizationOptions = {}) {
    const { momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = options;
    super(
      options,
      { type: "batchNormalization", momentum, epsilon, center, scale },
      {
        kind: batchNormalization,
        probe: [1],
        initializers: initializersOf(options, normalizationNames),
      },
    );
  }
}
tf.serialization.registerClass(BatchNormalization as never);
