import {
  type DirectRuleName,
  feedbackProjectionOf,
  feedbackTargetsOf,
  feedbackWeightOptionNames,
  type KernelFreeLayerSpec,
  type KernelLayer,
  type LayerSpec,
  type LearningOptions,
  type Network,
  type Rule,
  type RuleName,
  type Shape,
  sameShape,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { DirectFeedback } from "../direct/direct-feedback";
import { errorSource } from "../direct/error-source";
import {
  bioActivation,
  bioAveragePooling2d,
  bioBatchNormalization,
  bioDropout,
  bioGlobalMaxPooling2d,
  bioLayerNormalization,
  bioMaxPooling2d,
  bioPrelu,
} from "../kernel-free-layers/factories";
import { DirectOutput } from "../kernel-layers/direct-output";
import { bioConv2d, bioDense } from "../kernel-layers/factories";
import { givenOptions } from "../kernel-layers/given-options";
import { bioLayer } from "../own-layers/own-layer";
import { bioAttention, bioCropping1d, bioPositionEmbedding } from "../own-layers/sequences";
import { layerName } from "./network-layers";

type Builders<Type extends LayerSpec["type"]> = {
  readonly [T in Type]: (options: never) => tf.layers.Layer;
};

/**
 * The layer each kind of spec without a kernel becomes: TensorFlow.js's own where it does the same on every backend.
 */
const kernelFreeLayers: Builders<KernelFreeLayerSpec["type"]> = {
  maxPooling2d: bioMaxPooling2d,
  averagePooling2d: bioAveragePooling2d,
  globalMaxPooling2d: bioGlobalMaxPooling2d,
  globalAveragePooling2d: tf.layers.globalAveragePooling2d,
  flatten: tf.layers.flatten,
  reshape: tf.layers.reshape,
  activation: bioActivation,
  leakyReLU: tf.layers.leakyReLU,
  prelu: bioPrelu,
  zeroPadding2d: tf.layers.zeroPadding2d,
  dropout: bioDropout,
  batchNormalization: bioBatchNormalization,
  layerNormalization: bioLayerNormalization,
  positionEmbedding: bioPositionEmbedding,
  attention: bioAttention,
  cropping1d: bioCropping1d,
  add: tf.layers.add,
  concatenate: tf.layers.concatenate,
};

/** The layer each kind of spec with a kernel becomes that has a class for it alone. */
const kernelLayers: Builders<"dense" | "conv2d"> = { dense: bioDense, conv2d: bioConv2d };

/** What makes a layer of a type: a class for it alone, or the one for every other of the registry. */
const maker = (makers: Builders<never>, type: string): ((options: never) => tf.layers.Layer) =>
  Object.hasOwn(makers, type) ? makers[type as never] : (options) => bioLayer(type, options);

/** The layers of a model, by index in its network. */
export interface LayerMaker {
  /** A layer of the network. @param options what TensorFlow.js is to be told beside it. */
  layer(index: number, options?: { readonly inputShape?: tf.Shape }): tf.layers.Layer;
  /** What stands right after it, for errors that come straight from the output. */
  after(index: number): tf.layers.Layer[];
}

/** Options without an alignment, which is with kernels that a layer alone does not know. */
function withoutAlignment<Options extends object>(options: Options): Options {
  const { feedbackAlignment: _ofTheNetwork, ...own } = options as Options & LearningOptions;
  return own as Options;
}

/** The layer at which the error of another one arrives. */
function feedbackFor(layer: KernelLayer, rule: Rule, index: number, seed: number): tf.layers.Layer {
  return new DirectFeedback({
    ...withoutAlignment(givenOptions(layer.spec, feedbackWeightOptionNames)),
    feedbackProjection: feedbackProjectionOf(layer),
    name: `${layerName(index)}.feedback`,
    rule: rule.name as DirectRuleName,
    seed,
  });
}

/** The shape of the weights by which the output's error reaches the data: the layer's own, if it is the first. */
const modulationOf = ({ parameters }: Network, index: number): Shape | null =>
  parameters.find(({ layer, role }) => layer === index && role === "feedback")?.shape ?? null;

/** Makes a network's layers, under one seed. */
export function layerMaker(network: Network, seed: number): LayerMaker {
  const { layers, rules, wiring, outputLayer, outputs } = network;
  const isDirect = rules.some((rule) => rule?.route.source === "output");
  const feedbackTargets = feedbackTargetsOf(layers, wiring, rules);
  const last = outputLayer === undefined ? undefined : layers[outputLayer];
  // Where pooling makes the outputs of a dense layer's units, the error that is sent is the one at the outputs.
  const endsInDense = last?.spec.type === "dense" && sameShape(last.outputShape, [outputs]);
  const end = layers.length - 1;
  const needsTarget = rules.some((rule) => rule?.needsTarget);
  const needsEnd = !endsInDense || (needsTarget && outputLayer !== end);
  return {
    layer(index, more = {}) {
      const spec = layers[index]?.spec as LayerSpec;
      const { type, inputs, name, ...own } = spec;
      const noise = name === undefined ? {} : { noiseName: name };
      const options = { ...own, ...more, ...noise, name: layerName(index), seed };
      const rule = rules[index];
      // TensorFlow.js adds two at least.
      if ((type === "add" || type === "concatenate") && wiring.sources[index]?.length === 1) {
        const { axis: _all, ...alone } = options as typeof options & { readonly axis?: number };
        return bioActivation({ ...alone, activation: "identity" });
      }
      if (rule === undefined) return maker(kernelFreeLayers, type)(options as never);
      const shaped = rule.route.source === "output" ? withoutAlignment(options) : options;
      const ruled = {
        ...shaped,
        ...(rule.route.source === "input" && { modulation: modulationOf(network, index) }),
        rule: rule.name as RuleName,
      } as never;
      if (isDirect && endsInDense && index === outputLayer) return new DirectOutput(ruled);
      return maker(kernelLayers, type)(ruled);
    },
    after(index) {
      const from = feedbackTargets.get(index);
      const feedback =
        from === undefined || from === index
          ? []
          : [feedbackFor(layers[from] as KernelLayer, rules[from] as Rule, from, seed)];
      return [...feedback, ...(index === end && isDirect && needsEnd ? [errorSource()] : [])];
    },
  };
}
