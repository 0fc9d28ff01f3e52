import {
  BioflaxError,
  checkOptionNames,
  type KernelFreeLayerSpec,
  type KernelLayerSpec,
  type LayerDefinition,
  layers,
  type Rule,
  type RuleName,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { directDenseNames, foreignNames, layerNames, noiseNames } from "../base/option-names";
import type { DirectHiddenOptions, KernelFeedbackOptions } from "../base/options";
import {
  BaseKernelFreeLayer,
  type KernelFreeLayerOptions,
} from "../kernel-free-layers/kernel-free-layer";
import { DirectLayer } from "../kernel-layers/direct-layer";
import { isDirect, isModulated } from "../kernel-layers/is-direct";
import { type LayerKind, largestExample } from "../kernel-layers/kinds";
import { type Modulated, ModulatedLayer } from "../kernel-layers/modulated-layer";
import { SequentialLayer } from "../kernel-layers/sequential-layer";

/** A layer of one's own as core has it: its type and what only layers of that type are told. */
interface OwnSpec {
  readonly type: string;
  readonly [option: string]: unknown;
}

interface Spec {
  spec: OwnSpec;
}

const specName = { spec: true } as const;
const { units: _units, inputDim: _inputDim, ...kernelNames } = directDenseNames;

/** What a saved layer has beside its spec: the spec has the rest. */
const withoutOwn = (config: tf.serialization.ConfigDict, spec: OwnSpec) => ({
  ...Object.fromEntries(Object.entries(config).filter(([key]) => !Object.hasOwn(spec, key))),
  spec: { ...spec } as tf.serialization.ConfigDict,
});

/**
 * A spec as it was before it was saved: TensorFlow.js writes names in snake case and reads them in camel case, so that
 * of several capitals in a row one is left.
 */
function restored(spec: OwnSpec): OwnSpec {
  const isSame = (name: string) => name.toLowerCase() === spec.type.toLowerCase();
  return { ...spec, type: layers.names().find(isSame) ?? spec.type };
}

function kindOf(spec: OwnSpec): LayerKind {
  const definition = layers.get(spec.type);
  const { activation, useBias } = definition;
  const own = spec as unknown as KernelLayerSpec;
  return {
    definition,
    spec: own,
    activation,
    useBias,
    probe: largestExample(definition, own),
    takesMoreAxes: false,
  };
}

/**
 * A layer without a kernel of a type that is in core's registry: it is saved by its spec, and loaded where that type is
 * added.
 */
export class OwnKernelFreeLayer extends BaseKernelFreeLayer {
  /** @nocollapse */
  static className = "BioflaxOwnKernelFreeLayer";
  static override readonly optionNames: Readonly<Record<string, true>> = {
    ...layerNames,
    ...noiseNames,
    ...specName,
  };
  readonly #own: OwnSpec;

  constructor({ spec, ...options }: KernelFreeLayerOptions & Spec) {
    const own = restored(spec);
    const kind = layers.get(own.type);
    const given = own as unknown as KernelFreeLayerSpec;
    super(options, given, {
      kind,
      probe: largestExample(kind, given),
      ...(kind.anyRank ? {} : { axes: kind.probe.length }),
    });
    this.#own = own;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return withoutOwn(super.getConfig(), this.#own);
  }
}
tf.serialization.registerClass(OwnKernelFreeLayer as never);

/** A layer with a kernel of a type that is in core's registry, under a rule whose errors travel layer by layer. */
export class OwnSequentialLayer extends SequentialLayer {
  /** @nocollapse */
  static className = "BioflaxOwnLayer";
  static override readonly optionNames: Readonly<Record<string, true>> = {
    ...kernelNames,
    ...specName,
  };
  readonly #own: OwnSpec;

  constructor({ spec, ...options }: KernelFeedbackOptions & { rule: RuleName | Rule } & Spec) {
    const own = restored(spec);
    super(options as never, kindOf(own), "bioLayer");
    this.#own = own;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return withoutOwn(super.getConfig(), this.#own);
  }
}
tf.serialization.registerClass(OwnSequentialLayer as never);

/**
 * A hidden layer with a kernel of a type that is in core's registry, under a rule whose errors come straight from the
 * output.
 */
export class OwnDirectLayer extends DirectLayer {
  /** @nocollapse */
  static className = "BioflaxOwnLayerDirectHidden";
  static override readonly optionNames: Readonly<Record<string, true>> = {
    ...kernelNames,
    ...specName,
  };
  readonly #own: OwnSpec;

  constructor({ spec, ...options }: Omit<DirectHiddenOptions, "units" | "inputDim"> & Spec) {
    const own = restored(spec);
    super(options, kindOf(own), "bioLayer");
    this.#own = own;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return withoutOwn(super.getConfig(), this.#own);
  }
}
tf.serialization.registerClass(OwnDirectLayer as never);

/** A layer with a kernel of a type that is in core's registry, in a network that learns from a second pass of its data. */
export class OwnModulatedLayer extends ModulatedLayer {
  /** @nocollapse */
  static className = "BioflaxOwnLayerModulated";
  static override readonly optionNames: Readonly<Record<string, true>> = {
    ...kernelNames,
    ...specName,
    modulation: true,
  };
  readonly #own: OwnSpec;

  constructor({ spec, ...options }: KernelFeedbackOptions & Modulated & Spec) {
    const own = restored(spec);
    super(options, kindOf(own));
    this.#own = own;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return withoutOwn(super.getConfig(), this.#own);
  }
}
tf.serialization.registerClass(OwnModulatedLayer as never);

/**
 * Options of {@link bioLayer}: those of the layer's type, and what all layers of TensorFlow.js's or, with a kernel, of
 * bioflax's take.
 */
export type BioLayerOptions = KernelFreeLayerOptions &
  Partial<Omit<DirectHiddenOptions, "units" | "inputDim" | "rule">> & {
    /** The rule, of a layer with a kernel. */
    rule?: RuleName | Rule;
    [option: string]: unknown;
  };

/** What {@link bioLayer} takes for a type whatever its own options are, by name. */
const sharedNames = (type: string): Readonly<Record<string, unknown>> =>
  layers.get(type).hasKernel ? kernelNames : { ...layerNames, ...noiseNames };

/** What {@link bioLayer} takes for a type, by name. */
export const bioLayerNames = (type: string): Readonly<Record<string, unknown>> => {
  // A model says itself what its layers are and where they stand.
  const { type: _type, inputs: _inputs, ...own } = layers.get(type).optionNames;
  return { ...own, ...sharedNames(type) };
};

/**
 * A layer of one's own, of a type that is in core's registry, for `tf.sequential`, `model.fit` and saving.
 *
 * A model that has one is loaded where the type has been added to {@link layers} before.
 *
 * @param given its definition, which is added, or its type.
 * @param options what its type takes; `rule` where it has a kernel; and what layers take anyway.
 * @throws BioflaxError for a type that is not known, or an option it refuses, naming the layer.
 * @example
 * const model = tf.sequential({ layers: [bioDense({ rule: "fa", units: 8, inputShape: [4] }), bioLayer(halve, { by: 4 })] });
 */
export function bioLayer(
  // biome-ignore lint/suspicious/noExplicitAny: any layer's definition, whatever its specs are.
  given: string | LayerDefinition<any>,
  options: BioLayerOptions = {},
): OwnKernelFreeLayer | OwnSequentialLayer | OwnDirectLayer | OwnModulatedLayer {
  const { name: type, hasKernel, optionNames } = layers.get(layers.nameOf(given as string));
  const entries = Object.entries(options);
  // The layer itself says why it refuses some of TensorFlow.js's, and is told its modulation by a network alone.
  const isPassedOn = (key: string) => Object.hasOwn(foreignNames, key) || key === "modulation";
  checkOptionNames(
    options.name === undefined ? `bioLayer("${type}")` : `Layer "${options.name}"`,
    Object.fromEntries(entries.filter(([key]) => !isPassedOn(key))),
    bioLayerNames(type),
  );
  const shared = sharedNames(type);
  const isOwn = (key: string) => Object.hasOwn(optionNames, key) && !Object.hasOwn(shared, key);
  const spec: OwnSpec = { ...Object.fromEntries(entries.filter(([key]) => isOwn(key))), type };
  const others = Object.fromEntries(entries.filter(([key]) => !isOwn(key)));
  if (!hasKernel) return new OwnKernelFreeLayer({ ...others, spec });
  const { rule } = options;
  if (rule === undefined)
    throw new BioflaxError(
      `bioLayer: expected a rule for "${type}", which has a kernel, received none. Give one, such as rule: "fa".`,
    );
  if (isModulated(rule)) return new OwnModulatedLayer({ ...others, rule, spec } as never);
  return isDirect(rule)
    ? new OwnDirectLayer({ ...others, spec } as never)
    : new OwnSequentialLayer({ ...others, rule, spec } as never);
}
