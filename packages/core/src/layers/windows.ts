import { BioflaxError } from "../errors";
import { showShape } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { Pair, Window2d } from "../ops/window";
import { showValue } from "../show-value";
import { expectCount } from "./options";
import type { PaddingName } from "./specs";

/** Images as a layer takes them: height, width, channels. */
export type ImageShape = readonly [number, number, number];

/** An image of some channels that no window is larger than. */
export const anyImage = (channels = 1): ImageShape => [1 << 16, 1 << 16, channels];

/** @throws BioflaxError unless one example is an image. */
export function expectImages(layer: string, inputShape: Shape): ImageShape {
  if (inputShape.length !== 3)
    throw new BioflaxError(
      `${layer}: expected an input of shape [height, width, channels], received ${showShape(inputShape)}; reshape it first.`,
    );
  return inputShape as unknown as ImageShape;
}

/** A number for each spatial axis, from one for both. @throws BioflaxError unless they are positive whole numbers. */
export function expectPair(layer: string, option: string, value: number | Pair): Pair {
  const both = typeof value === "number" ? [value, value] : value;
  if (!Array.isArray(both) || both.length !== 2)
    throw new BioflaxError(
      `${layer}: expected ${option} to be a number or [height, width], received ${showValue(value)}.`,
    );
  for (const one of both) expectCount(layer, option, one);
  return both as unknown as Pair;
}

/**
 * The padding that `same` stands for along one axis: as many places as the extent has strides, the odd one after
 * (TensorFlow's way).
 */
function samePadding(extent: number, span: number, stride: number): Pair {
  const total = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + span - extent);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** How a layer's options describe its window. */
export interface WindowOptions {
  readonly size: number | Pair;
  readonly strides: number | Pair;
  readonly padding?: PaddingName | undefined;
  readonly dilationRate?: number | Pair | undefined;
}

/**
 * The window a layer's options describe.
 *
 * @param names what the layer calls its size.
 * @throws BioflaxError for an option that is out of its range, strides together with dilation, or a window larger than
 *   the image.
 */
export function resolveWindow(
  layer: string,
  sizeName: string,
  [height, width]: ImageShape,
  { size: given, strides: steps, padding = "valid", dilationRate = 1 }: WindowOptions,
): Window2d {
  const size = expectPair(layer, sizeName, given);
  const strides = expectPair(layer, "strides", steps);
  const dilations = expectPair(layer, "dilationRate", dilationRate);
  if (padding !== "same" && padding !== "valid")
    throw new BioflaxError(
      `${layer}: expected padding to be "same" or "valid", received ${showValue(padding)}.`,
    );
  if (Math.max(...strides) > 1 && Math.max(...dilations) > 1)
    throw new BioflaxError(
      `${layer}: expected strides or dilationRate to be 1, received strides ${showShape(strides)} and dilationRate ${showShape(dilations)}.`,
    );
  const span = (axis: 0 | 1) => (size[axis] - 1) * dilations[axis] + 1;
  if (padding === "valid" && (span(0) > height || span(1) > width))
    throw new BioflaxError(
      `${layer}: expected an image of at least ${span(0)}×${span(1)} for its window, received ${height}×${width}; use padding "same".`,
    );
  return {
    size,
    strides,
    dilations,
    padding:
      padding === "valid"
        ? [
            [0, 0],
            [0, 0],
          ]
        : [samePadding(height, span(0), strides[0]), samePadding(width, span(1), strides[1])],
  };
}
