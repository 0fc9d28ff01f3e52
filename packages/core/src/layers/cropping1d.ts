import { BioflaxError } from "../errors";
import { showShape } from "../ops/shapes";
import { showValue } from "../show-value";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import type { Cropping1dSpec } from "./specs";

/**
 * A sequence without some of its first and last steps, as Keras's layer of that name: [steps, units] → [fewer, units].
 * Steps that are left out get no error.
 *
 * @throws BioflaxError for an input that is no sequence, or when no step is left.
 */
export const cropping1d: LayerDefinition<Cropping1dSpec> = {
  name: "cropping1d",
  hasKernel: false,
  probe: [4, 2],
  examples: [{}, { cropping: [2, 0] }],
  optionNames: layerOptionNames.cropping1d,
  largest: () => [1 << 16, 1],
  create(spec, inputShape) {
    const { cropping = 1 } = spec;
    const both: readonly unknown[] = Array.isArray(cropping) ? cropping : [cropping, cropping];
    const isCount = (count: unknown) => Number.isInteger(count) && (count as number) >= 0;
    if (both.length !== 2 || !both.every(isCount))
      throw new BioflaxError(
        `cropping1d: expected cropping to be a whole number from 0, or two, for the first steps and the last, received ${showValue(cropping)}.`,
      );
    if (inputShape.length !== 2)
      throw new BioflaxError(
        `cropping1d: expected an input of shape [steps, units], received ${showShape(inputShape)}; reshape it first.`,
      );
    const [before, after] = both as [number, number];
    const [steps, units] = inputShape as [number, number];
    const left = steps - before - after;
    if (left < 1)
      throw new BioflaxError(
        `cropping1d: expected to leave a step at least of ${steps}, received the cropping ${showValue(cropping)}.`,
      );
    return kernelFreeLayer(spec, inputShape, {
      outputShape: [left, units],
      forward: (ops, _parameters, input) => ({
        input,
        output: ops.slice(input, [0, before, 0], [ops.shape(input)[0] as number, left, units]),
      }),
      backward: (ops, _parameters, _residuals, delta) => ({
        input: ops.pad(delta, [
          [0, 0],
          [before, after],
          [0, 0],
        ]),
      }),
    });
  },
};
