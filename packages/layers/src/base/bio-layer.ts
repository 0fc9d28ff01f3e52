import {
  BioflaxError,
  checkOptionNames,
  type LayerDefinition,
  Random,
  type Shape,
  showValue,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { isChannelsLast } from "./channels-last";
import { mendModels } from "./model-weights";
import { foreignNames, layerNames } from "./option-names";
import type { LayerOptions } from "./options";

type TfLayerOptions = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

/** What TensorFlow.js's base class reads; anything else a loaded config carries is not ours. */
function baseOptions({
  inputShape,
  inputDim,
  batchInputShape,
  batchSize,
  name,
  trainable,
  weights,
}: LayerOptions & { readonly inputDim?: number }): TfLayerOptions {
  const given = {
    inputShape: inputShape ?? (inputDim === undefined ? undefined : [inputDim]),
    batchInputShape,
    batchSize,
    name,
    trainable,
    weights,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
}

/** What TensorFlow.js's layers take and ours do not. */
interface ForeignOptions {
  readonly dtype?: string | null;
  readonly activityRegularizer?: unknown;
  readonly dataFormat?: string | null;
}

/** Refuses what TensorFlow.js's layers take and these layers do not. */
function checkForeignOptions(
  { dtype, activityRegularizer, dataFormat }: ForeignOptions,
  fail: (message: string) => never,
): void {
  if (dtype != null && dtype !== "float32") fail(`expected dtype float32, received ${dtype}.`);
  if (!isChannelsLast({ dataFormat }))
    fail(
      `expected dataFormat "channelsLast", images as [batch, height, width, channels], received ${showValue(dataFormat)}; ` +
        "transpose them first, with tf.layers.permute({ dims: [2, 3, 1] }).",
    );
  if (activityRegularizer != null)
    fail("activityRegularizer is not supported: TensorFlow.js refuses layers that have one.");
}

/** What TensorFlow.js hands a layer's call. */
export type Kwargs = Parameters<tf.layers.Layer["call"]>[1];

/** Where TensorFlow.js keeps a layer's weights. */
interface WeightLists {
  _trainableWeights: readonly tf.LayerVariable[];
  _nonTrainableWeights: readonly tf.LayerVariable[];
  _addedWeightNames: readonly string[];
}

/** What all layers of bioflax's share: errors under their names, one float32 input, and a seed. */
export abstract class BioLayer extends tf.layers.Layer {
  /** What the layers of a class take. */
  static readonly optionNames: Readonly<Record<string, true>> = layerNames;

  /** Options of TensorFlow.js's layer of the same kind that the layers of a class refuse, and what to do instead. */
  static readonly refusedOptions: Readonly<Record<string, string>> = {};

  protected readonly seed: number;
  #isFrozenWithModel = false;

  /** @nocollapse */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    // What a file, or a layer of TensorFlow.js's, has beside is no misspelt option.
    const names = { ...(cls as unknown as typeof BioLayer).optionNames, ...foreignNames };
    return new cls(
      Object.fromEntries(Object.entries(config).filter(([key]) => Object.hasOwn(names, key))),
    );
  }

  constructor(options: LayerOptions & ForeignOptions) {
    super(baseOptions(options));
    mendModels((layer) => layer instanceof BioLayer);
    this.seed = options.seed ?? 0;
    this.supportsMasking = true;
    checkForeignOptions(options, (message) => this.fail(message));
    const { optionNames, refusedOptions } = this.constructor as typeof BioLayer;
    const own = Object.entries(options).filter(
      ([key, value]) => value != null || !Object.hasOwn(foreignNames, key),
    );
    const refused = own.find(([key]) => Object.hasOwn(refusedOptions, key))?.[0];
    if (refused !== undefined)
      this.fail(`${refused} is not supported; ${refusedOptions[refused]}.`);
    checkOptionNames(`Layer "${this.name}"`, Object.fromEntries(own), optionNames);
    this.explaining(() => new Random(this.seed, this.name));
  }

  /** In one order, frozen or not: what was made to be trained, then the rest. */
  override get weights(): tf.LayerVariable[] {
    const { _nonTrainableWeights: fixed } = this as unknown as {
      readonly _nonTrainableWeights: readonly tf.LayerVariable[];
    };
    return [...this._trainableWeights, ...fixed];
  }

  /** Those of its weights that carry errors, which a layer under a rule without feedback has not. */
  get feedbackWeights(): readonly tf.LayerVariable[] {
    return [];
  }

  /** Whether it is a place in a model that a network of core's has no layer for. */
  get isAuxiliary(): boolean {
    return false;
  }

  /** Told when a model that the layer is part of is frozen, or no longer: nothing of the layer's learns then. */
  freezeWithModel(isFrozen: boolean): void {
    this.#isFrozenWithModel = isFrozen;
  }

  /** Whether the layer is frozen: by its own `trainable`, a model's around it, or those of all its weights. */
  get isFrozen(): boolean {
    const own = this._trainableWeights;
    const none = own.length > 0 && own.every((weight) => !weight.trainable);
    return !this.trainable || this.#isFrozenWithModel || none;
  }

  /**
   * Refuses an input some of whose steps are to be passed over, for a layer that goes by all of them.
   *
   * @param definition of the layer's kind.
   */
  protected refuseMask({ name, mixesSteps }: LayerDefinition, kwargs: Kwargs): void {
    if (kwargs?.mask != null && mixesSteps)
      this.fail(
        `${name}: expected an input all of whose steps count, received one with a mask, as tf.layers.masking and an embedding with maskZero ` +
          "make it: a layer of bioflax passes over no step. Leave the mask out, or use TensorFlow.js's own layer here.",
      );
  }

  /** Raises an error under the layer's name. */
  protected fail(message: string): never {
    throw new BioflaxError(`Layer "${this.name}": ${message}`);
  }

  /** Runs something of core's, and puts the layer's name before its errors. */
  protected explaining<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof BioflaxError) error.message = `Layer "${this.name}": ${error.message}`;
      throw error;
    }
  }

  /** The one input of a call, as float32. */
  protected inputOf(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const list = Array.isArray(inputs) ? inputs : [inputs];
    if (list.length !== 1) this.fail(`expected one input, received ${list.length}.`);
    const [input] = list as [tf.Tensor];
    return input.dtype === "float32" ? input : tf.cast(input, "float32");
  }

  /**
   * The last axes of an input's shape.
   *
   * @throws BioflaxError unless their extents are known.
   */
  protected knownAxes(inputShape: tf.Shape | tf.Shape[], axes: number): Shape {
    const shape = oneShape(inputShape);
    const last = shape.slice(-axes);
    if (last.length === axes && last.every((extent) => extent != null)) return last as Shape;
    const which =
      axes === 1
        ? "whose last axis has a known extent"
        : `whose last ${axes} axes have known extents`;
    return this.fail(`expected an input ${which}, received [${shape.join(", ")}].`);
  }

  /**
   * The last axes of an input's shape, of which all but the channels may be unknown.
   *
   * @throws BioflaxError unless the last is known.
   */
  protected dynamicAxes(inputShape: tf.Shape | tf.Shape[], axes: number): tf.Shape {
    this.knownAxes(inputShape, 1);
    const shape = oneShape(inputShape);
    return shape.length <= axes
      ? (this.knownAxes(inputShape, axes) as tf.Shape)
      : shape.slice(-axes);
  }

  /**
   * Has weights that are added from now on start as they should: those of a loaded layer are zeros till they are read.
   */
  protected drawWeights(): void {
    this.setFastWeightInitDuringBuild(false);
  }

  /** Takes a weight off the layer again, and frees it. */
  protected removeWeight(variable: tf.LayerVariable): void {
    // TensorFlow.js has no way to, and refuses another weight of a name that was there once.
    const own = this as unknown as WeightLists;
    const others = (list: readonly tf.LayerVariable[]) => list.filter((one) => one !== variable);
    own._trainableWeights = others(own._trainableWeights);
    own._nonTrainableWeights = others(own._nonTrainableWeights);
    const { originalName } = variable;
    own._addedWeightNames = own._addedWeightNames.filter(
      (name) => name !== originalName && !originalName.endsWith(`/${name}`),
    );
    variable.dispose();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), seed: this.seed };
  }
}

/** The shape of a layer's one input, which TensorFlow.js may hand over in a list. */
export function oneShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
  return (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tf.Shape;
}
