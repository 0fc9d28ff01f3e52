import { shapeOps } from "../ops/shape-ops";
import type { Shape } from "../ops/tensor-ops";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import type { Pooling2dSpec } from "./specs";
import { expectImages, resolveWindow } from "./windows";

function windowOf(
  { type, poolSize = 2, strides = poolSize, padding }: Pooling2dSpec,
  input: Shape,
) {
  const window = resolveWindow(type, "poolSize", expectImages(type, input), {
    size: poolSize,
    strides,
    padding,
  });
  const [, ...outputShape] = shapeOps.maxPool([1, ...input], window);
  return { window, outputShape };
}

/**
 * The largest of each window; errors go to each window's first largest element.
 *
 * @param inputShape `[height, width, channels]`.
 * @throws BioflaxError for an option out of its range, an input that is not an image, or a window larger than it.
 */
export const maxPooling2d: LayerDefinition<Pooling2dSpec> = {
  name: "maxPooling2d",
  hasKernel: false,
  probe: [5, 4, 2],
  examples: [{}, { poolSize: 3, strides: 2, padding: "same" }],
  optionNames: layerOptionNames.maxPooling2d,
  create(spec, inputShape) {
    const { window, outputShape } = windowOf(spec, inputShape);
    return kernelFreeLayer(spec, inputShape, {
      outputShape,
      forward: (ops, _parameters, input) => ({ input, output: ops.maxPool(input, window) }),
      backward: (ops, _parameters, { input, output }, delta) => ({
        input: ops.maxPoolGradient(input, output, delta, window),
      }),
    });
  },
};

/**
 * The mean of each window, padding not counted; errors go to all of its elements in equal parts.
 *
 * @param inputShape `[height, width, channels]`.
 * @throws BioflaxError for an option out of its range, an input that is not an image, or a window larger than it.
 */
export const averagePooling2d: LayerDefinition<Pooling2dSpec> = {
  name: "averagePooling2d",
  hasKernel: false,
  probe: [5, 4, 2],
  examples: [{}, { poolSize: 3, strides: 2, padding: "same" }],
  optionNames: layerOptionNames.averagePooling2d,
  create(spec, inputShape) {
    const { window, outputShape } = windowOf(spec, inputShape);
    return kernelFreeLayer(spec, inputShape, {
      outputShape,
      forward: (ops, _parameters, input) => ({ input, output: ops.averagePool(input, window) }),
      backward: (ops, _parameters, { input }, delta) => ({
        input: ops.averagePoolGradient(delta, ops.shape(input), window),
      }),
    });
  },
};
