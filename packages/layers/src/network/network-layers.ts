import * as tf from "@tensorflow/tfjs";
import { BioLayer } from "../base/bio-layer";

/** The name {@link fromSpec} gives the layer of an index. */
export const layerName = (index: number) => `layers.${index}`;

const NUMBERED = /^layers\.(\d+)$/;
const numberOf = ({ name }: tf.layers.Layer) => Number(NUMBERED.exec(name)?.[1]);

/** Whether a layer is a place in a model that a network of core's has no layer for. */
export const isAuxiliary = (layer: tf.layers.Layer): boolean =>
  layer instanceof BioLayer ? layer.isAuxiliary : layer.getClassName() === "InputLayer";

/** A functional model's layers, each after those that go into it, whatever auxiliary ones stand between. */
function inOrder(model: tf.LayersModel): tf.layers.Layer[] {
  const layers = new Set<tf.layers.Layer>();
  const seen = new Set<number>();
  const visit = (symbol: tf.SymbolicTensor) => {
    if (seen.has(symbol.id)) return;
    seen.add(symbol.id);
    for (const input of symbol.inputs ?? []) visit(input);
    layers.add(symbol.sourceLayer);
  };
  for (const output of model.outputs) visit(output);
  return [...layers];
}

/**
 * The layers of a model that a network has too, in the order in which they are counted: by their numbers, where all are
 * called `layers.<number>`, else each after those that go into it.
 */
export function networkLayers(model: tf.LayersModel): tf.layers.Layer[] {
  const layers = model instanceof tf.Sequential ? model.layers : inOrder(model);
  const own = layers.filter((layer) => !isAuxiliary(layer));
  return own.every((layer) => numberOf(layer) >= 0)
    ? own.sort((a, b) => numberOf(a) - numberOf(b))
    : own;
}

/** The layers of a network that a layer's input comes from, and the model's input, which is undefined. */
export function sourcesOf(layer: tf.layers.Layer): (tf.layers.Layer | undefined)[] {
  return (layer.inboundNodes[0]?.inboundLayers ?? []).flatMap((below) => {
    if (below.getClassName() === "InputLayer") return [undefined];
    return isAuxiliary(below) ? sourcesOf(below) : [below];
  });
}
