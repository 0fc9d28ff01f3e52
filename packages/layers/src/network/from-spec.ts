import {
  checkOptionNames,
  createNetwork,
  type GivenNetwork,
  initializeWeights,
  type Network,
  type OptionNames,
  type Weights,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { type LayerMaker, layerMaker } from "./make-layers";
import { writeWeights } from "./weights";

/** Options of {@link fromSpec} and of {@link bioNetwork}. */
export interface NetworkOptions {
  /** Seed of the starting weights and of the noise, a whole number; 0 when left out. */
  readonly seed?: number;
}

const optionNames: OptionNames<NetworkOptions> = { seed: true };

/** The model of a network each of whose layers takes the output of the one before. */
function chain({ spec, layers }: Network, make: LayerMaker): tf.Sequential {
  const model = tf.sequential();
  layers.forEach((_, index) => {
    const first = index === 0 ? { inputShape: [...spec.inputShape] } : {};
    for (const layer of [make.layer(index, first), ...make.after(index)]) model.add(layer);
  });
  return model;
}

/** The model of any network. */
function graph({ spec, layers, wiring }: Network, make: LayerMaker): tf.LayersModel {
  const input = tf.input({ shape: [...spec.inputShape] });
  const outputs: tf.SymbolicTensor[] = [];
  layers.forEach((_, index) => {
    const sources = (wiring.sources[index] as readonly number[]).map((source) =>
      source < 0 ? input : (outputs[source] as tf.SymbolicTensor),
    );
    const [only, ...others] = sources as [tf.SymbolicTensor, ...tf.SymbolicTensor[]];
    const output = make.layer(index).apply(others.length === 0 ? only : sources);
    outputs.push(
      make
        .after(index)
        .reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, output as tf.SymbolicTensor),
    );
  });
  return tf.model({ inputs: input, outputs: outputs.at(-1) as tf.SymbolicTensor });
}

/**
 * The model a spec describes, of bioflax's layers and TensorFlow.js's own: a `tf.Sequential` where each layer takes the
 * output of the one before, else a functional model.
 *
 * Its layers are called `layers.0`, `layers.1`, …, start with the weights core's `initializeWeights` gives for the
 * seed, and read the noise core's `noiseTable` gives for it.
 *
 * @param spec the network; input [batch, ...inputShape].
 * @param weights starting weights by core's names; drawn from the seed when left out.
 * @throws BioflaxError for a spec core refuses, or weights that do not fit it.
 */
export function fromSpec(
  spec: GivenNetwork,
  weights?: Weights,
  options: NetworkOptions = {},
): tf.LayersModel {
  checkOptionNames("fromSpec", options, optionNames);
  const { seed = 0 } = options;
  const network = createNetwork(spec);
  const { sources } = network.wiring;
  const isChain = sources.every((from, index) => from.length === 1 && from[0] === index - 1);
  const model = (isChain ? chain : graph)(network, layerMaker(network, seed));
  const isAligned = network.parameters.some(
    ({ layer, structure }) =>
      structure?.alignment !== undefined && network.rules[layer]?.route.source === "output",
  );
  if (weights !== undefined) writeWeights(model, weights);
  // With kernels of other layers, that is, which a layer does not know as it is made.
  else if (isAligned) writeWeights(model, initializeWeights(network, seed));
  return model;
}
