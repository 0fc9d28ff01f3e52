import * as tf from "@tensorflow/tfjs";
import { BioLayer } from "../base/bio-layer";

/** The name {@link fromSpec} gives the layer of an index. */
export const layerName = (index: number) => `layers.${index}`;

const NUMBERED = /^layers\.(\d+)$/;
const numberOf = ({ name }: tf.layers.Layer) => Number(NUMBERED.exec(name)?.[1]);

/** Whether a layer is a place in a model that a network of core's has no layer for. */
export const isAuxiliary = (layer: tf.layers.Layer): boolean =>
  layer instanceof BioLayer ? layer.isAuxiliary : layer.getClassName() === "InputLayer";

/** One use of a layer: what goes in and comes out. */
export type Use = tf.layers.Layer["inboundNodes"][number];

/** How a model uses its layers. */
export type Uses = ReadonlyMap<tf.layers.Layer, readonly Use[]>;

/**
 * How a model uses its layers, each after those that go into it, whatever auxiliary ones stand between. A layer that
 * other models use as well has more uses than these.
 */
export function usesIn(model: tf.LayersModel): Uses {
  const uses = new Map<tf.layers.Layer, Use[]>();
  const seen = new Set<Use>();
  const visit = ({ sourceLayer, nodeIndex }: tf.SymbolicTensor) => {
    const use = sourceLayer.inboundNodes[nodeIndex];
    if (use === undefined || seen.has(use)) return;
    seen.add(use);
    for (const input of use.inputTensors) visit(input);
    uses.set(sourceLayer, [...(uses.get(sourceLayer) ?? []), use]);
  };
  for (const output of model.outputs) visit(output);
  return uses;
}

/**
 * The layers of a model that a network has too, in the order in which they are counted: by their numbers, where all are
 * called `layers.<number>`, else each after those that go into it.
 */
export function networkLayers(model: tf.LayersModel): tf.layers.Layer[] {
  const layers = model instanceof tf.Sequential ? model.layers : [...usesIn(model).keys()];
  const own = layers.filter((layer) => !isAuxiliary(layer));
  return own.every((layer) => numberOf(layer) >= 0)
    ? own.sort((a, b) => numberOf(a) - numberOf(b))
    : own;
}

/**
 * The layers of a network that a layer's input comes from in a model, and the model's input, which is undefined.
 *
 * @param uses those of the model, {@link usesIn}.
 */
export function sourcesOf(layer: tf.layers.Layer, uses: Uses): (tf.layers.Layer | undefined)[] {
  return (uses.get(layer)?.[0]?.inboundLayers ?? []).flatMap((below) => {
    if (below.getClassName() === "InputLayer") return [undefined];
    return isAuxiliary(below) ? sourcesOf(below, uses) : [below];
  });
}
