import * as tf from "@tensorflow/tfjs";
import { asContainer } from "../direct/link";

/** What takes a layer's place in a copy of a model, one after the other on its output: nothing, one layer or several. */
export type Replace = (layer: tf.layers.Layer) => readonly tf.layers.Layer[];

/** A layer of a class, from as much of a configuration as the class knows. */
export function madeFrom(layerClass: object, config: tf.serialization.ConfigDict): tf.layers.Layer {
  const maker = layerClass as tf.serialization.SerializableConstructor<tf.layers.Layer>;
  return maker.fromConfig(maker, config);
}

/** Another layer with the same configuration, without the weights. */
export function sameLayer(layer: tf.layers.Layer): tf.layers.Layer {
  return madeFrom(layer.constructor, layer.getConfig());
}

function copySequential(model: tf.Sequential, replaced: Replace): tf.Sequential {
  const copy = tf.sequential({ name: model.name });
  for (const layer of model.layers) for (const made of replaced(layer)) copy.add(made);
  return copy;
}

function copyFunctional(model: tf.LayersModel, replaced: Replace): tf.LayersModel {
  const made = new Map<number, tf.SymbolicTensor>();
  const inputs = model.inputs.map((symbol) => {
    const { name } = symbol.sourceLayer;
    const input = tf.input({
      batchShape: [...symbol.shape],
      dtype: symbol.dtype as "float32",
      name,
    });
    made.set(symbol.id, input);
    return input;
  });
  const copied = (symbol: tf.SymbolicTensor): tf.SymbolicTensor => {
    const known = made.get(symbol.id);
    if (known !== undefined) return known;
    const layer = symbol.sourceLayer;
    const node = layer.inboundNodes[symbol.nodeIndex] as (typeof layer.inboundNodes)[number];
    let outputs = node.inputTensors.map(copied);
    for (const own of replaced(layer)) {
      const given = outputs.length === 1 ? (outputs[0] as tf.SymbolicTensor) : outputs;
      outputs = [own.apply(given, node.callArgs)].flat() as tf.SymbolicTensor[];
    }
    node.outputTensors.forEach((output, i) => {
      made.set(output.id, outputs[i] as tf.SymbolicTensor);
    });
    return made.get(symbol.id) as tf.SymbolicTensor;
  };
  return tf.model({ inputs, outputs: model.outputs.map(copied), name: model.name });
}

/**
 * A copy of a model's architecture, with other layers in the place of its own: sequential where it is, functional where it is,
 * with models used as layers copied in turn, and layers that are used several times still shared.
 *
 * @param replace asked once for each layer that is no model.
 */
export function copyModel(model: tf.LayersModel, replace: Replace): tf.LayersModel {
  const made = new Map<tf.layers.Layer, readonly tf.layers.Layer[]>();
  const copyOf = (container: tf.LayersModel): tf.LayersModel => {
    const copy =
      container instanceof tf.Sequential
        ? copySequential(container, replaced)
        : copyFunctional(container, replaced);
    if (!container.trainable) copy.trainable = false;
    return copy;
  };
  const replaced: Replace = (layer) => {
    const layers =
      made.get(layer) ??
      (asContainer(layer) === undefined ? replace(layer) : [copyOf(layer as tf.LayersModel)]);
    made.set(layer, layers);
    return layers;
  };
  return copyOf(model);
}
