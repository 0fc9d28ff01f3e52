import { BioflaxError } from "../errors";
import type { Pair } from "../ops/window";
import { showValue } from "../show-value";
import type { LayerDefinition } from "./definition";
import { kernelFreeLayer } from "./kernel-free-layer";
import { layerOptionNames } from "./option-names";
import type { ZeroPadding2dSpec } from "./specs";
import { expectImages } from "./windows";

/** [[top, bottom], [left, right]] from any way of writing it. @throws BioflaxError for anything else. */
function resolvePadding(padding: ZeroPadding2dSpec["padding"]): readonly [Pair, Pair] {
  const pair = (given: unknown): unknown => (typeof given === "number" ? [given, given] : given);
  const isPair = (given: unknown): given is readonly unknown[] =>
    Array.isArray(given) && given.length === 2;
  const isCount = (count: unknown) => Number.isInteger(count) && (count as number) >= 0;
  const both = pair(padding);
  const sides = isPair(both) ? both.map(pair) : [];
  if (sides.length !== 2 || !sides.every((side) => isPair(side) && side.every(isCount)))
    throw new BioflaxError(
      "zeroPadding2d: expected padding to be a whole number from 0, [rows, columns] or [[top, bottom], [left, right]], " +
        `received ${showValue(padding)}.`,
    );
  return sides as unknown as readonly [Pair, Pair];
}

/**
 * Zeros around images.
 *
 * @param inputShape `[height, width, channels]`.
 * @throws BioflaxError for padding that is not whole numbers from 0, or an input that is not an image.
 */
export const zeroPadding2d: LayerDefinition<ZeroPadding2dSpec> = {
  name: "zeroPadding2d",
  hasKernel: false,
  probe: [3, 2, 2],
  examples: [
    {},
    {
      padding: [
        [0, 1],
        [2, 0],
      ],
    },
  ],
  optionNames: layerOptionNames.zeroPadding2d,
  create(spec, inputShape) {
    const [height, width, channels] = expectImages("zeroPadding2d", inputShape);
    const [rows, columns] = resolvePadding(spec.padding ?? 1);
    const around = [[0, 0], rows, columns, [0, 0]] as const;
    return kernelFreeLayer(spec, inputShape, {
      outputShape: [rows[0] + height + rows[1], columns[0] + width + columns[1], channels],
      forward: (ops, _parameters, input) => ({ input, output: ops.pad(input, around) }),
      backward: (ops, _parameters, { input }, delta) => ({
        input: ops.slice(delta, [0, rows[0], columns[0], 0], ops.shape(input)),
      }),
    });
  },
};
