import type { Shape } from "../ops/tensor-ops";
import type { Window2d } from "../ops/window";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import type { GlobalPooling2dSpec } from "./specs";
import { expectImages } from "./windows";

/**
 * The largest of each channel: [height, width, channels] → [channels]; errors go to its first largest element.
 *
 * @throws BioflaxError for an input that is not an image.
 */
export const globalMaxPooling2d: LayerDefinition<GlobalPooling2dSpec> = {
  name: "globalMaxPooling2d",
  hasKernel: false,
  probe: [3, 2, 2],
  examples: [{}],
  optionNames: layerOptionNames.globalMaxPooling2d,
  create(spec, inputShape) {
    const [height, width, channels] = expectImages(spec.type, inputShape);
    const whole: Window2d = {
      size: [height, width],
      strides: [1, 1],
      dilations: [1, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
    };
    const batchOf = (shape: Shape) => shape[0] as number;
    return kernelFreeLayer(spec, inputShape, {
      outputShape: [channels],
      forward(ops, _parameters, input) {
        const largest = ops.maxPool(input, whole);
        const output = ops.reshape(largest, [batchOf(ops.shape(input)), channels]);
        return { input, output };
      },
      backward(ops, _parameters, { input, output }, delta) {
        const spread = [batchOf(ops.shape(input)), 1, 1, channels];
        const [largest, error] = [ops.reshape(output, spread), ops.reshape(delta, spread)];
        return { input: ops.maxPoolGradient(input, largest, error, whole) };
      },
    });
  },
};

/**
 * The mean of each channel: [height, width, channels] → [channels]; errors go to all of its elements in equal parts.
 *
 * @throws BioflaxError for an input that is not an image.
 */
export const globalAveragePooling2d: LayerDefinition<GlobalPooling2dSpec> = {
  name: "globalAveragePooling2d",
  hasKernel: false,
  probe: [3, 2, 2],
  examples: [{}],
  optionNames: layerOptionNames.globalAveragePooling2d,
  create(spec, inputShape) {
    const [height, width, channels] = expectImages(spec.type, inputShape);
    const share = 1 / (height * width);
    return kernelFreeLayer(spec, inputShape, {
      outputShape: [channels],
      forward: (ops, _parameters, input) => ({
        input,
        output: ops.mul(ops.sum(input, [1, 2]), share),
      }),
      backward(ops, _parameters, { input }, delta) {
        const [batch] = ops.shape(input) as [number];
        const part = ops.reshape(ops.mul(delta, share), [batch, 1, 1, channels]);
        return { input: ops.broadcastTo(part, [batch, height, width, channels]) };
      },
    });
  },
};
