import { BioflaxError, lookUp } from "../errors";
import { sameShape, showShape } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import { checkOptionNames } from "../option-names";
import { activation } from "./activation";
import { add } from "./add";
import { batchNormalization } from "./batch-normalization";
import { conv2d } from "./conv2d";
import { dense } from "./dense";
import { dropout } from "./dropout";
import { globalAveragePooling2d, globalMaxPooling2d } from "./global-pooling2d";
import type { Layer } from "./layer";
import { layerOptionNames } from "./option-names";
import { averagePooling2d, maxPooling2d } from "./pooling2d";
import { flatten, reshape } from "./reshaping";
import type { LayerSpec } from "./specs";
import { zeroPadding2d } from "./zero-padding2d";

/** Every kind of layer by the `type` of its spec. */
export const layers = {
  dense,
  conv2d,
  maxPooling2d,
  averagePooling2d,
  globalMaxPooling2d,
  globalAveragePooling2d,
  flatten,
  reshape,
  activation,
  zeroPadding2d,
  dropout,
  batchNormalization,
  add,
} as const satisfies { [Type in LayerSpec["type"]]: unknown };

/**
 * The layer a spec describes.
 *
 * @param inputShapes the shape of each input; several, which must agree, only for `add`.
 * @throws BioflaxError for an unknown type, a spec the layer refuses, or inputs that do not fit it.
 */
export function createLayer(spec: LayerSpec, ...inputShapes: readonly Shape[]): Layer {
  const create = lookUp<(spec: never, inputShape: Shape) => Layer>("layer type", layers, spec.type);
  checkOptionNames(spec.type, spec, layerOptionNames[spec.type]);
  const [inputShape, ...others] = inputShapes as [Shape, ...Shape[]];
  if (others.length > 0 && spec.type !== "add")
    throw new BioflaxError(
      `${spec.type}: expected one input, received ${inputShapes.length}; join them in a layer of the type "add" first.`,
    );
  const different = others.find((shape) => !sameShape(shape, inputShape));
  if (different !== undefined)
    throw new BioflaxError(
      `add: expected inputs of one shape, received ${showShape(inputShape)} and ${showShape(different)}.`,
    );
  return create(spec as never, inputShape);
}
