import type { Shape, TensorOps, Window2d } from "@bioflax/core";
import type { TestTensor } from "./interpreter";
import { draw, type OpCase, show } from "./op-case";
import { windowOf } from "./window-op-cases";

/**
 * Chains with images in them. An interpreter may hold images and kernels in another order in memory than row-major,
 * from one convolution to the next; no chain may tell.
 */

/** Images, and a window whose convolution has their shape where there are as many filters as channels. */
export interface Setting {
  readonly images: Shape;
  readonly window: Window2d;
}

export const oblong: Setting = {
  images: [2, 5, 4, 3],
  window: windowOf([3, 2], {
    padding: [
      [1, 1],
      [0, 1],
    ],
  }),
};
/** All extents alike, so that no shape tells one axis from another. */
export const square: Setting = {
  images: [3, 3, 3, 3],
  window: windowOf([3, 3], {
    padding: [
      [1, 1],
      [1, 1],
    ],
  }),
};

/** The images, and a kernel. */
export const imagesOf = ({ images }: Setting) => draw(60, images);
export const kernelOf = ({ images, window }: Setting) =>
  draw(61, [...window.size, images[3] as number, images[3] as number]);

/** What a chain does with a convolution's result, given the images and what else it is told. */
type Chain = <T>(ops: TensorOps<T>, convolved: T, images: T, others: readonly T[]) => readonly T[];

/** A chain that begins with a convolution. */
export function chain(
  name: string,
  setting: Setting,
  definition: Chain,
  ...others: readonly TestTensor[]
): OpCase {
  return {
    name: `${name}, ${show(setting.images)}`,
    definition: <T>(ops: TensorOps<T>, [x, k, ...rest]: readonly T[]) =>
      definition(ops, ops.conv2d(x as T, k as T, setting.window), x as T, rest),
    inputs: [imagesOf(setting), kernelOf(setting), ...others],
  };
}
