import { BioflaxError } from "../errors";
import { sameShape, showShape } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import { createRegistry } from "../registry";
import { activation } from "./activation";
import { add } from "./add";
import { attention } from "./attention";
import { batchNormalization } from "./batch-normalization";
import { checkOwnLayer } from "./check-own-layer";
import { concatenate } from "./concatenate";
import { conv1d } from "./conv1d";
import { conv2d } from "./conv2d";
import { conv2dTranspose } from "./conv2d-transpose";
import { cropping1d } from "./cropping1d";
import { type LayerDefinition, layerOf } from "./definition";
import { dense } from "./dense";
import { depthwiseConv2d } from "./depthwise-conv2d";
import { dropout } from "./dropout";
import { embedding } from "./embedding";
import { globalAveragePooling2d, globalMaxPooling2d } from "./global-pooling2d";
import { gru } from "./gru";
import type { Layer } from "./layer";
import { layerNormalization } from "./layer-normalization";
import { leakyReLU } from "./leaky-relu";
import { averagePooling2d, maxPooling2d } from "./pooling2d";
import { positionEmbedding } from "./position-embedding";
import { prelu } from "./prelu";
import { flatten, reshape } from "./reshaping";
import { simpleRNN } from "./simple-rnn";
import type { KernelLayerSpec, LayerSpec } from "./specs";
import { zeroPadding2d } from "./zero-padding2d";

const builtIns = {
  dense,
  conv2d,
  conv1d,
  depthwiseConv2d,
  conv2dTranspose,
  simpleRNN,
  gru,
  embedding,
  maxPooling2d,
  averagePooling2d,
  globalMaxPooling2d,
  globalAveragePooling2d,
  flatten,
  reshape,
  activation,
  leakyReLU,
  prelu,
  zeroPadding2d,
  dropout,
  batchNormalization,
  layerNormalization,
  positionEmbedding,
  attention,
  cropping1d,
  add,
  concatenate,
} as const satisfies Readonly<Record<string, unknown>> & { [Type in LayerSpec["type"]]: unknown };

/** Every kind of layer by the `type` of its specs. */
export const layers = createRegistry<LayerDefinition, typeof builtIns>({
  kind: "layer type",
  where: { name: "layers", of: "@bioflax/core" },
  builtIns,
  needs: {
    hasKernel: "boolean",
    probe: "list",
    optionNames: "object",
    examples: "list",
    create: "function",
  },
});

/** Whether a layer has a kernel, and so a rule. @throws BioflaxError for an unknown type. */
export function hasKernel(spec: LayerSpec): spec is KernelLayerSpec {
  return layers.get(spec.type as string).hasKernel;
}

/**
 * How many units or filters a layer with a kernel has, or numbers an embedded symbol; undefined where a layer of one's own
 * counts by none of these.
 */
export function kernelSize(spec: KernelLayerSpec): number | undefined {
  const { units, filters, outputDim } = spec as {
    readonly units?: number;
    readonly filters?: number;
    readonly outputDim?: number;
  };
  return units ?? filters ?? outputDim;
}

/**
 * The layer a spec describes.
 *
 * @param inputShapes the shape of each input; several only for `add`, where they must agree, and `concatenate`.
 * @throws BioflaxError for an unknown type, a spec the layer refuses, or inputs that do not fit it.
 */
export function createLayer(spec: LayerSpec, ...inputShapes: readonly Shape[]): Layer {
  const definition = layers.get(spec.type as string);
  const [inputShape, ...others] = inputShapes as [Shape, ...Shape[]];
  if (others.length > 0 && !definition.joins && definition.joint === undefined)
    throw new BioflaxError(
      `${spec.type}: expected one input, received ${inputShapes.length}; join them in a layer of the type "${add.name}" or "${concatenate.name}" first.`,
    );
  const joint = definition.joint?.(spec as never, inputShapes);
  if (joint !== undefined) return { ...layerOf(definition, spec, joint.shape), joint } as Layer;
  const different = others.find((shape) => !sameShape(shape, inputShape));
  if (different !== undefined)
    throw new BioflaxError(
      `${spec.type}: expected inputs of one shape, received ${showShape(inputShape)} and ${showShape(different)}.`,
    );
  const layer = layerOf(definition, spec, inputShape);
  if (!layers.isBuiltIn(definition.name)) checkOwnLayer(definition.name, layer);
  return layer;
}
