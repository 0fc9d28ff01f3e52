import { platform } from "#platform";
import { BLOCKS_DOMAIN, stored } from "../graph/blocks";
import { toModel } from "../graph/model";
import { Scope } from "../graph/scope";
import type { BlockUse } from "../graph/value";
import { floats } from "./host-array";
import { hostTensor } from "./runtime";
import { createSession } from "./session";

/** The sizes ONNX Runtime has blocks of. */
const SIZES = [16, 8];

/** Where blocks begin to pay, by `pnpm --filter benchmarks run blocks`. */
const limits = { fewest: 2 ** 18, mostPadding: 5 };

let known: Promise<BlockUse | undefined> | undefined;

/**
 * How matrices lie in blocks on this processor; undefined where ONNX Runtime has no blocked convolutions, or others
 * than graphs are built for here.
 */
export function blocksHere(): Promise<BlockUse | undefined> {
  known ??= tried();
  return known;
}

async function tried(): Promise<BlockUse | undefined> {
  const size = platform.mayHaveBlocks ? await blockSize() : undefined;
  return size === undefined ? undefined : { size, ...limits };
}

/**
 * How many numbers a block has, as many as a vector register: brings numbered channels into blocks, adds their
 * convolution by a matrix to something, and sees by what size the results are right.
 */
export async function blockSize(): Promise<number | undefined> {
  const channels = 16;
  const pixels = 4;
  const scope = new Scope(undefined, { blocks: { size: channels, ...limits } });
  const image = scope.input("image", [1, channels, 1, pixels]);
  const filters = scope.input("filters", [channels, channels, 1, 1]);
  const start = scope.input("start", [1, channels, 1, pixels]);
  const images = { shape: image.shape, type: image.type };
  const blocked = scope.node(`${BLOCKS_DOMAIN}:ReorderInput`, [image], images);
  const inputs = [blocked, filters, undefined, start];
  const result = scope.node(`${BLOCKS_DOMAIN}:Conv`, inputs, images, {
    kernel_shape: { ints: [1, 1] },
  });
  try {
    const model = toModel(scope, [blocked, stored(scope, result, [channels * pixels])]);
    const session = await createSession(model, { threads: 1 });
    const numbers = Float32Array.from({ length: channels * pixels }, (_, i) => i);
    const matrix = Float32Array.from({ length: channels * channels }, (_, i) => (i * 7) % 11);
    const [first, second] = await session.run({
      image: await hostTensor(floats(numbers, [1, channels, 1, pixels])),
      filters: await hostTensor(floats(matrix, [channels, channels, 1, 1])),
      start: await hostTensor(floats(numbers, [1, channels, 1, pixels])),
    });
    await session.release();
    return SIZES.find((size) => {
      const place = (channel: number, pixel: number) =>
        (Math.floor(channel / size) * pixels + pixel) * size + (channel % size);
      return numbers.every((_, i) => {
        const [channel, pixel] = [Math.floor(i / pixels), i % pixels];
        let total = numbers[place(channel, pixel)] as number;
        for (let k = 0; k < channels; k++) {
          const weight =
            matrix[(Math.floor(channel / size) * channels + k) * size + (channel % size)];
          total += (numbers[k * pixels + pixel] as number) * (weight as number);
        }
        return (
          first?.data[place(channel, pixel)] === i && second?.data[place(channel, pixel)] === total
        );
      });
    });
  } catch {
    return undefined;
  }
}
