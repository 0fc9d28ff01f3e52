import * as tf from "@tensorflow/tfjs";
import { asContainer } from "../base/container";
import { isPassThrough } from "../direct/claim";

/** Where a layer stands in the model that it is part of. */
export interface Place {
  readonly layer: tf.layers.Layer;
  /** Its name with those of the models around it, `outer/inner`. */
  readonly path: string;
  /** How often it is used. */
  readonly uses: number;
  /** The layers that its output goes into, in that model. */
  readonly consumers: readonly tf.layers.Layer[];
  /** Whether its output is one of that model's. */
  readonly isOutput: boolean;
}

/** Whether the extents of a layer's input are known, but for the batch. */
export const isSized = ({ inboundNodes }: tf.layers.Layer) =>
  inboundNodes[0]?.inputTensors[0]?.shape.slice(1).every((extent) => extent != null) === true;

interface Entry {
  uses: number;
  readonly consumers: tf.layers.Layer[];
  isOutput: boolean;
}

/** How the layers of one model hang together, in the model's order. */
function entriesOf(model: tf.LayersModel): Map<tf.layers.Layer, Entry> {
  const entries = new Map<tf.layers.Layer, Entry>(
    model.layers.map((layer) => [layer, { uses: 0, consumers: [], isOutput: false }]),
  );
  const entry = (layer: tf.layers.Layer) => entries.get(layer) as Entry;
  if (model instanceof tf.Sequential) {
    model.layers.forEach((layer, index) => {
      const next = model.layers[index + 1];
      entry(layer).uses += 1;
      if (next === undefined) entry(layer).isOutput = true;
      else entry(layer).consumers.push(next);
    });
    return entries;
  }
  const seen = new Set<object>();
  const visit = (symbol: tf.SymbolicTensor) => {
    const layer = symbol.sourceLayer;
    const node = layer.inboundNodes[symbol.nodeIndex];
    if (node === undefined || seen.has(node)) return;
    seen.add(node);
    entry(layer).uses += 1;
    for (const input of node.inputTensors) {
      entry(input.sourceLayer).consumers.push(layer);
      visit(input);
    }
  };
  for (const output of model.outputs) {
    visit(output);
    entry(output.sourceLayer).isOutput = true;
  }
  return entries;
}

/** Every layer of a model that is none itself, those of models used as layers among them, in the models' order. */
export function placesOf(model: tf.LayersModel, around = ""): Place[] {
  return [...entriesOf(model)].flatMap(([layer, entry]) => {
    const path = `${around}${layer.name}`;
    return asContainer(layer) === undefined
      ? [{ layer, path, ...entry }]
      : placesOf(layer as tf.LayersModel, `${path}/`);
  });
}

/**
 * The last of the layers without a kernel that follow a layer and nothing else, as core counts them: where errors
 * arrive for it that come straight from the output. The layer itself where none follows.
 */
export function endOf(
  layer: tf.layers.Layer,
  places: ReadonlyMap<tf.layers.Layer, Place>,
): tf.layers.Layer {
  for (let end = layer; ; ) {
    const { consumers, isOutput, uses } = places.get(end) as Place;
    const [next] = consumers;
    const following = next === undefined ? undefined : places.get(next);
    if (consumers.length !== 1 || isOutput || uses !== 1 || following === undefined) return end;
    const { layer: after } = following;
    const [node] = after.inboundNodes;
    const [input, ...others] = node?.inputTensors ?? [];
    const keepsAxes = input?.rank === node?.outputTensors[0]?.rank;
    if (following.uses !== 1 || others.length > 0 || !keepsAxes || !isPassThrough(after))
      return end;
    end = after;
  }
}
