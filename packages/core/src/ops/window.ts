import { BioflaxError } from "../errors";
import { showShape } from "./shapes";
import type { Shape } from "./tensor-ops";

/** A number for each of an image's two spatial axes: [height, width]. */
export type Pair = readonly [number, number];

/** How a window is moved over images, [batch, height, width, channels]. */
export interface Window2d {
  /** Rows and columns of the window. */
  readonly size: Pair;
  /** How far it is moved at a time. */
  readonly strides: Pair;
  /** How far apart its own rows and columns lie; [1, 1] for a window without gaps. */
  readonly dilations: Pair;
  /** Rows above and below, columns left and right, that are added to the image. */
  readonly padding: readonly [Pair, Pair];
}

/** How a convolution goes over images, [batch, height, width, channels]. */
export interface Convolution2d extends Window2d {
  /**
   * In how many groups, one after another, its channels and its filters are: a filter sees the channels of its own
   * group alone. 1 when left out, and in a depthwise convolution as many as there are channels.
   */
  readonly groups?: number | undefined;
}

/** How many places a window has along one axis; below 1 where it does not fit. */
function places(extent: number, window: Window2d, axis: 0 | 1): number {
  const [before, after] = window.padding[axis];
  const span = (window.size[axis] - 1) * window.dilations[axis] + 1;
  return Math.floor((extent + before + after - span) / window.strides[axis]) + 1;
}

/**
 * The shape of what a window sees, a number for each place and channel: [batch, height, width, channels] →
 * [batch, rows, columns, channels].
 *
 * @throws BioflaxError unless the images have four axes and the window fits into them.
 */
export function windowShape(op: string, x: Shape, window: Window2d): Shape {
  const [batch, height, width, channels] = x as [number, number, number, number];
  const [rows, columns] = [places(height, window, 0), places(width, window, 1)];
  if (x.length !== 4 || rows < 1 || columns < 1) {
    throw new BioflaxError(
      `${op}: expected images [batch, height, width, channels] at least as large as the window, ${window.size.join("×")}, ` +
        `received ${showShape(x)}.`,
    );
  }
  return [batch, rows, columns, channels];
}

/**
 * The shape of a convolution, [batch, rows, columns, filters].
 *
 * @throws BioflaxError unless the kernel is [...window, channels, filters] of the channels of a group of the images',
 *   its filters are as many in each group, and the window fits.
 */
export function conv2dShape(x: Shape, kernel: Shape, window: Convolution2d): Shape {
  const seen = windowShape("conv2d", x, window);
  const { groups = 1 } = window;
  const [height, width, channels, filters] = kernel as [number, number, number, number];
  const fits = height === window.size[0] && width === window.size[1];
  const isGrouped = channels * groups === x[3] && filters % groups === 0;
  if (kernel.length !== 4 || !fits || !isGrouped) {
    const grouped = groups === 1 ? "" : ` in ${groups} groups`;
    throw new BioflaxError(
      `conv2d: expected a kernel [${window.size.join(", ")}, ${(x[3] as number) / groups}, filters] for images ${showShape(x)}${grouped}, ` +
        `received ${showShape(kernel)}.`,
    );
  }
  return [...seen.slice(0, 3), filters as number];
}
