/**
 * What TensorFlow.js's models do with bioflax's layers in them, where their own ways go wrong. The order of
 * `model.weights` there depends on what is frozen, so that `target.setWeights(online.getWeights())` mixes weights up; a
 * layer is not told that the model around it has been frozen; and a sequential model thaws a frozen one that it begins
 * with. A layer can mend none of it, because it does not know its models: so their classes are changed, for models that
 * hold a layer of bioflax's and no others.
 */
import { BioflaxError, type Shape, sameShape, showShape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import type { BioLayer } from "./bio-layer";
import { asContainer } from "./container";

/** What is read of layers beside what TensorFlow.js declares. */
interface Internals {
  /** Of a wrapper, such as timeDistributed: what it wraps. */
  readonly layer?: tf.layers.Layer;
  /** What no optimizer ever changes, frozen or not. */
  readonly _nonTrainableWeights: readonly tf.LayerVariable[];
}

const internalsOf = (layer: tf.layers.Layer) => layer as unknown as Internals;

/** A model's own layers; undefined for a layer that is no model. */
const layersIn = (layer: tf.layers.Layer) =>
  (asContainer(layer) as tf.LayersModel | undefined)?.layers;

/** The layers of a model, those of models used as layers among them; wrappers count as layers. */
const layersOf = (model: tf.layers.Layer): tf.layers.Layer[] =>
  layersIn(model)?.flatMap(layersOf) ?? [model];

/** A layer, and what it wraps. */
function unwrapped(layer: tf.layers.Layer): tf.layers.Layer[] {
  const { layer: inner } = internalsOf(layer);
  return inner instanceof tf.layers.Layer
    ? [layer, ...layersOf(inner).flatMap(unwrapped)]
    : [layer];
}

/** The layers of bioflax's in a model. */
type Ours = (model: tf.layers.Layer) => readonly BioLayer[];

/**
 * A model's weights in the order that they have where nothing is frozen: all that were made to be trained, then the
 * others.
 */
function inOrder(model: tf.layers.Layer): tf.LayerVariable[] {
  const layers = layersOf(model);
  const all = layers.flatMap((layer) => layer.weights);
  const fixed = new Set(
    layers.flatMap(unwrapped).flatMap((layer) => internalsOf(layer)._nonTrainableWeights),
  );
  return [
    ...all.filter((weight) => !fixed.has(weight)),
    ...all.filter((weight) => fixed.has(weight)),
  ];
}

/** Why values are not for a model's weights, as the end of a sentence. */
function misfit(weights: readonly tf.LayerVariable[], values: readonly tf.Tensor[]): string {
  const shapes = values.map(({ shape }) => shape as Shape);
  const at = weights.findIndex(({ shape }, i) => !sameShape(shape as Shape, shapes[i] as Shape));
  const { originalName, shape } = weights[at] as tf.LayerVariable;
  return `weight ${at} to be "${originalName}" ${showShape(shape as Shape)}, received ${showShape(shapes[at] as Shape)}`;
}

/** Whether values are for these weights, shape by shape. */
export function fits(weights: readonly tf.LayerVariable[], values: readonly tf.Tensor[]): boolean {
  return (
    weights.length === values.length &&
    weights.every(({ shape }, i) => sameShape(shape as Shape, (values[i] as tf.Tensor).shape))
  );
}

/** Sets a model's weights: all of them, or all but feedback weights, which then stay as they are. */
function setWeights(model: tf.layers.Layer, values: readonly tf.Tensor[], ours: Ours): void {
  const all = model.weights;
  const feedback = new Set(ours(model).flatMap((layer) => layer.feedbackWeights));
  const others = all.filter((weight) => !feedback.has(weight));
  const weights = [all, others].find((some) => fits(some, values));
  if (weights === undefined) {
    const alike = [all, others].find((some) => some.length === values.length);
    const without = feedback.size === 0 ? "" : `, or ${others.length} without feedback weights`;
    throw new BioflaxError(
      `Model "${model.name}": setWeights expected ${all.length} weights${without}, ` +
        `${alike === undefined ? `received ${values.length}` : `and ${misfit(alike, values)}`}. ` +
        "Between models under different rules, readWeights and writeWeights go by name.",
    );
  }
  weights.forEach((weight, i) => {
    weight.write(values[i] as tf.Tensor);
  });
}

/**
 * Freezes or thaws what of a model TensorFlow.js leaves as it is, as Keras does: models in it, and more than optimizers
 * change.
 */
function freeze(model: tf.layers.Layer, trainable: boolean, ours: Ours): void {
  for (const layer of layersIn(model) ?? []) {
    if (layersIn(layer) !== undefined) layer.trainable = trainable;
    else for (const own of ours(layer)) own.freezeWithModel(!trainable);
  }
}

let isMended = false;

/**
 * Changes the classes of models, once. The first layer that is made asks for it: no model holds one before.
 *
 * @param isOurs whether a layer is bioflax's.
 */
export function mendModels(isOurs: (layer: tf.layers.Layer) => layer is BioLayer): void {
  if (isMended) return;
  isMended = true;
  const ours: Ours = (model) => layersOf(model).flatMap(unwrapped).filter(isOurs);

  // The class of all models, which TensorFlow.js does not export.
  const models = Object.getPrototypeOf(tf.LayersModel.prototype) as tf.layers.Layer;
  const accessor = (name: "weights" | "trainable") =>
    Object.getOwnPropertyDescriptor(models, name) as Required<PropertyDescriptor>;

  const weights = accessor("weights");
  Object.defineProperty(models, "weights", {
    ...weights,
    get(this: tf.layers.Layer): tf.LayerVariable[] {
      return ours(this).length === 0 ? weights.get.call(this) : inOrder(this);
    },
  });

  let isBuilding = false;

  const trainable = accessor("trainable");
  Object.defineProperty(models, "trainable", {
    ...trainable,
    set(this: tf.layers.Layer, value: boolean) {
      const isOfOurs = ours(this).length > 0;
      // A sequential model makes itself anew at each compile, and would thaw a frozen model that it begins with.
      if (isOfOurs && isBuilding && value) return;
      trainable.set.call(this, value);
      if (isOfOurs) freeze(this, value, ours);
    },
  });

  const { build } = tf.Sequential.prototype;
  Object.defineProperty(tf.Sequential.prototype, "build", {
    configurable: true,
    writable: true,
    value(this: tf.Sequential, inputShape?: Parameters<typeof build>[0]): void {
      isBuilding = true;
      try {
        build.call(this, inputShape);
      } finally {
        isBuilding = false;
      }
    },
  });

  const { setWeights: setAnyWeights } = models;
  Object.defineProperty(models, "setWeights", {
    configurable: true,
    writable: true,
    value(this: tf.layers.Layer, values: tf.Tensor[]): void {
      if (ours(this).length === 0) setAnyWeights.call(this, values);
      else setWeights(this, values, ours);
    },
  });
}
