import { BioflaxError, showShape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { asContainer } from "../base/container";

type Config = tf.serialization.ConfigDict;

/** A layer's weights, or some of them, as they are. */
export const valuesOf = (weights: readonly tf.LayerVariable[]): tf.Tensor[] =>
  weights.map((weight) => weight.read());

/**
 * Gives weights values as they are: TensorFlow.js's own `write` and `setWeights` put them through the constraints.
 *
 * @throws Error for another number of weights, or other shapes.
 */
export function copyValues(from: readonly tf.Tensor[], to: readonly tf.LayerVariable[]): void {
  const show = (weights: readonly { readonly shape: tf.Shape }[]) =>
    weights.map(({ shape }) => showShape(shape as number[])).join(", ") || "none";
  if (show(from) !== show(to))
    throw new Error(`its weights are ${show(from)}, and a copy's ${show(to)}.`);
  to.forEach((weight, i) => {
    (weight.read() as tf.Variable).assign(from[i] as tf.Tensor);
  });
}

/**
 * What takes a layer's place in a copy of a model, one after the other on its output: nothing, one layer or several.
 */
export type Replace = (layer: tf.layers.Layer) => readonly tf.layers.Layer[];

/** A layer of a class, from as much of a configuration as the class knows. */
export function madeFrom(layerClass: object, config: tf.serialization.ConfigDict): tf.layers.Layer {
  const maker = layerClass as tf.serialization.SerializableConstructor<tf.layers.Layer>;
  return maker.fromConfig(maker, config);
}

/** What TensorFlow.js's own layers are made of and do not tell, or tell wrongly (4.22). */
interface Untold {
  /** Of SeparableConv2D, which leaves it out. */
  readonly depthMultiplier?: number;
  /** Of DepthwiseConv2D, which has its regularizer in its place. */
  readonly depthwiseConstraint?: ReturnType<typeof tf.constraints.nonNeg> | null;
  /** Of a wrapper, such as timeDistributed. */
  readonly layer?: unknown;
}

/** All that a layer is made of, as plain JSON. */
export function configOf(layer: tf.layers.Layer): Config {
  const { depthMultiplier, depthwiseConstraint, layer: wrapped } = layer as Untold;
  const constraint = depthwiseConstraint && {
    className: depthwiseConstraint.getClassName(),
    config: depthwiseConstraint.getConfig(),
  };
  return {
    ...layer.getConfig(),
    ...(depthMultiplier === undefined ? {} : { depthMultiplier }),
    ...(depthwiseConstraint === undefined ? {} : { depthwiseConstraint: constraint as Config }),
    ...(wrapped instanceof tf.layers.Layer && asContainer(wrapped) === undefined
      ? { layer: { className: wrapped.getClassName(), config: configOf(wrapped) } }
      : {}),
  };
}

/**
 * Does something about a copy of a layer.
 *
 * @throws BioflaxError naming the layer, where TensorFlow.js throws anything.
 */
export function copying<T>(layer: tf.layers.Layer, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof BioflaxError) throw error;
    throw new BioflaxError(
      `The layer "${layer.name}" (${layer.getClassName()}) cannot be copied: ${(error as Error).message} A copy is made by its class's ` +
        "static fromConfig of what its getConfig gives, which must be all that its weights and outputs depend on.",
      { cause: error },
    );
  }
}

/**
 * Another layer with the same configuration, without the weights. @throws BioflaxError naming a layer of which there is
 * none.
 */
export function sameLayer(layer: tf.layers.Layer): tf.layers.Layer {
  return copying(layer, () => madeFrom(layer.constructor, configOf(layer)));
}

/** @throws BioflaxError where what takes a layer's place gives out something of another shape. */
function checkOutputs(layer: tf.layers.Layer, copy: tf.layers.Layer | undefined): void {
  const [own, copied] = [layer, copy].map((one) =>
    one?.inboundNodes[0]?.outputTensors.map(({ shape }) => showShape(shape as number[])).join(", "),
  );
  if (own === undefined || copied === undefined || own === copied) return;
  copying(layer, () => {
    throw new Error(`it gives out ${own}, and a copy ${copied}.`);
  });
}

function copySequential(model: tf.Sequential, replaced: Replace): tf.Sequential {
  const copy = tf.sequential({ name: model.name });
  for (const layer of model.layers) {
    const made = replaced(layer);
    for (const own of made) copying(layer, () => copy.add(own));
    checkOutputs(layer, made.at(-1));
  }
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
    // Of a recurrent layer these are among the inputs, too, and TensorFlow.js takes them once.
    const { initialState: _states, constants: _constants, ...callArgs } = node.callArgs ?? {};
    const replacements = replaced(layer);
    for (const own of replacements) {
      const given = outputs.length === 1 ? (outputs[0] as tf.SymbolicTensor) : outputs;
      outputs = [copying(layer, () => own.apply(given, callArgs))].flat() as typeof outputs;
    }
    checkOutputs(layer, replacements.at(-1));
    node.outputTensors.forEach((output, i) => {
      made.set(output.id, outputs[i] as tf.SymbolicTensor);
    });
    return made.get(symbol.id) as tf.SymbolicTensor;
  };
  return tf.model({ inputs, outputs: model.outputs.map(copied), name: model.name });
}

/**
 * A copy of a model's architecture, with other layers in the place of its own: sequential where it is, functional where
 * it is, with models used as layers copied in turn, and layers that are used several times still shared.
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
