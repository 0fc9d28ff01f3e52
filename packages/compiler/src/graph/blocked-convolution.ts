import { BLOCKS_DOMAIN } from "./blocks";
import type { Attributes } from "./encode";
import { orient, relabel, reshaped } from "./layout";
import type { Scope } from "./scope";
import type { Value } from "./value";

/** Whether ONNX Runtime's blocked convolution takes a kernel: one of whole blocks of channels and filters. */
export function fitsBlocks({ blocks }: Scope, { shape: [, , ...channels] }: Value): boolean {
  return blocks !== undefined && channels.every((extent) => extent % blocks.size === 0);
}

/** A kernel [height, width, channels, filters] as blocked convolutions read it, block by block of both. */
function filtersInBlocks(scope: Scope, kernel: Value, size: number): Value {
  const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
  const cut = [height, width, channels / size, size, filters / size, size];
  const lying = orient(scope, reshaped(scope, kernel, cut), [4, 2, 0, 1, 3, 5]);
  return relabel(scope, lying, [filters, channels, height, width]);
}

/**
 * A convolution of one image [1, channels, rows, columns] by ONNX Runtime's blocked one. Bringing images into blocks of
 * channels and back takes about a third of what that saves.
 *
 * @param kernel one that {@link fitsBlocks}.
 * @param shape of the result, [1, filters, rows, columns].
 */
export function blockedConvolution(
  scope: Scope,
  image: Value,
  kernel: Value,
  shape: readonly number[],
  attributes: Attributes,
): Value {
  const size = scope.blocks?.size as number;
  const [height, width, , filters] = kernel.shape as [number, number, number, number];
  const node = (op: string, inputs: readonly Value[], to: readonly number[], own: Attributes) =>
    scope.node(`${BLOCKS_DOMAIN}:${op}`, inputs, { shape: to, type: "float32" }, own);
  const blocks = node("ReorderInput", [image], image.shape, {});
  const seen = node("Conv", [blocks, filtersInBlocks(scope, kernel, size)], shape, {
    ...attributes,
    kernel_shape: { ints: [height, width] },
  });
  return node("ReorderOutput", [seen], shape, { channels: { int: filters } });
}
