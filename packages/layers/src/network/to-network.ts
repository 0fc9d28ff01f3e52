import {
  BioflaxError,
  createNetwork,
  type LayerSpec,
  type Network,
  type Shape,
  sameShape,
  showShape,
} from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { asContainer, expectModel } from "../base/container";
import { BaseKernelFreeLayer } from "../kernel-free-layers/kernel-free-layer";
import { BaseKernelLayer } from "../kernel-layers/kernel-layer";
import { arrivalOf, checkArrivals } from "./arrivals";
import { layerName, networkLayers, sourcesOf, type Uses, usesIn } from "./network-layers";
import { readTfLayer } from "./tf-specs";

function refuse(layer: tf.layers.Layer, reason: string): never {
  throw new BioflaxError(
    `toNetwork: the layer "${layer.name}" ${reason}. A network is made of layers that core has, each used once; train other models ` +
      "eagerly, with model.fit.",
  );
}

/** A layer as core has it, without where it stands. */
function specOf(layer: tf.layers.Layer, uses: Uses): LayerSpec {
  if (layer instanceof BaseKernelLayer) return { ...layer.spec, ...arrivalOf(layer)?.spec };
  if (layer instanceof BaseKernelFreeLayer) {
    if (layer.isFrozen && layer.definition.weights.length > 0)
      refuse(
        layer,
        layer.spec.type === "batchNormalization"
          ? "is a frozen batch normalisation, and a network's follows each step of training"
          : "is frozen, and a network's learns in each step of training",
      );
    return layer.spec;
  }
  const reading = readTfLayer(layer, uses.get(layer)?.[0]);
  if (typeof reading === "string") return refuse(layer, reading);
  if (reading.type === "dropout")
    return refuse(
      layer,
      "is TensorFlow.js's Dropout, whose masks have no seed; use bioDropout, or convert the model",
    );
  return reading;
}

/** The name a layer draws noise under, where a network would not give it that one. */
function noiseNameOf(layer: tf.layers.Layer, index: number): { readonly name?: string } {
  const draws =
    (layer instanceof BaseKernelLayer || layer instanceof BaseKernelFreeLayer) && layer.usesNoise;
  return draws && layer.noiseName !== layerName(index) ? { name: layer.noiseName } : {};
}

/**
 * The specs of a model's layers. @throws BioflaxError for any that core has not, or that stands where none of core's
 * can.
 */
function specsOf(layers: readonly tf.layers.Layer[], uses: Uses): LayerSpec[] {
  return layers.map((layer, index) => {
    if (asContainer(layer) !== undefined) refuse(layer, "is a model itself");
    if ((uses.get(layer)?.length ?? 0) > 1) refuse(layer, "is used more than once");
    const spec = { ...specOf(layer, uses), ...noiseNameOf(layer, index) };
    const inputs = sourcesOf(layer, uses).map((below) =>
      below === undefined ? -1 : layers.indexOf(below),
    );
    const isNext = inputs.length === 1 && inputs[0] === index - 1;
    return isNext ? spec : { ...spec, inputs };
  });
}

/** The shapes of a layer's weights, where it is one of ours. */
const weightShapes = (layer: tf.layers.Layer): readonly Shape[] | undefined =>
  layer instanceof BaseKernelLayer || layer instanceof BaseKernelFreeLayer
    ? layer.definition.weights.map(({ shape }) => shape)
    : undefined;

/** What a dense layer at the start of a model does with an input of more axes, and what to do where that is not meant. */
const rowByRow = (inputShape: Shape): string =>
  `the first layer, a dense one, takes the rows of ${showShape(inputShape)} one by one, and so does all of a network. Put bioConv1d or bioConv2d with a ` +
  "kernelSize of 1 in its place";

/**
 * Checks that each layer of a network does what it does in the model, where a dense layer comes first and takes the rows
 * of an example one by one: so do those after it in a network, and in a model they may see them all.
 *
 * @param rows the axes of an input before those that the network has.
 */
function checkRows(
  network: Network,
  layers: readonly tf.layers.Layer[],
  uses: Uses,
  rows: Shape,
): void {
  layers.forEach((layer, index) => {
    const { outputShape, weights } = network.layers[index] as Network["layers"][number];
    const own = uses.get(layer)?.[0]?.outputTensors[0]?.shape.slice(1) as Shape;
    const shapes = weightShapes(layer) ?? weights.map(({ shape }) => shape);
    const isSame =
      sameShape(own, [...rows, ...outputShape]) &&
      weights.every(({ shape }, i) => sameShape(shape, shapes[i] ?? []));
    if (!isSame)
      refuse(
        layer,
        `takes the rows of an example together: ${rowByRow([...rows, ...network.spec.inputShape])}`,
      );
  });
}

/** The network of a model's layers. @throws BioflaxError where they do not follow on each other. */
function networkOf(layers: readonly LayerSpec[], inputShape: Shape, rows: Shape): Network {
  try {
    return createNetwork({ inputShape, rule: "bp", layers });
  } catch (error) {
    if (rows.length > 0 && error instanceof BioflaxError)
      error.message += ` In a model, ${rowByRow([...rows, ...inputShape])}.`;
    throw error;
  }
}

/**
 * The network a model is, for core's definitions: the other way round from {@link fromSpec}.
 *
 * @param model one input, one output, and between them layers of bioflax's and those of TensorFlow.js's that have no
 *   kernel and that core knows (flatten, reshape, add, pooling, padding, activations, batch normalisation), each used
 *   once.
 * @throws BioflaxError naming a layer that is of another kind or stands where core's cannot, or when there is none.
 */
export function toNetwork(model: tf.LayersModel): Network {
  expectModel("toNetwork", model);
  const layers = networkLayers(model);
  const uses = usesIn(model);
  const [input, ...otherInputs] = model.inputs;
  if (layers.length === 0 || input === undefined)
    throw new BioflaxError("toNetwork: expected a model with layers, received one without.");
  if (otherInputs.length > 0 || model.outputs.length > 1)
    throw new BioflaxError(
      `toNetwork: expected a model with one input and one output, received ${model.inputs.length} and ${model.outputs.length}.`,
    );
  const inputShape = input.shape.slice(1) as Shape;
  const isDynamic = (layer: tf.layers.Layer) =>
    (layer instanceof BaseKernelLayer || layer instanceof BaseKernelFreeLayer) && layer.isDynamic;
  if (layers.some(isDynamic))
    throw new BioflaxError(
      `toNetwork: expected a model whose extents are known, received an input of [${input.shape.join(", ")}]. Make the model with an inputShape in full, ` +
        "and give it this one's weights, with setWeights.",
    );
  // An input of more axes than the dense layer it goes into is taken as a batch of rows.
  const [first] = layers as [tf.layers.Layer];
  const exampleShape = first instanceof BaseKernelLayer ? first.definition.inputShape : inputShape;
  const rows = inputShape.slice(0, inputShape.length - exampleShape.length);
  const network = networkOf(specsOf(layers, uses), exampleShape, rows);
  if (rows.length > 0) checkRows(network, layers, uses, rows);
  checkArrivals(network, layers, uses, refuse);
  return network;
}
