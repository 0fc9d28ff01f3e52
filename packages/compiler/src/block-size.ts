import { BLOCKS_DOMAIN, stored } from "./graph/blocks";
import { toModel } from "./graph/model";
import { Scope } from "./graph/scope";
import { hostTensor } from "./runtime";
import { createSession } from "./session";

/** The sizes ONNX Runtime has blocks of. */
const SIZES = [16, 8];

let known: Promise<number | undefined> | undefined;

/**
 * How many numbers a block has on this processor: as many as its vector registers. Undefined where ONNX Runtime has no blocked
 * convolutions, or others than the ones that graphs are built for here.
 */
export function blockSizeHere(): Promise<number | undefined> {
  // Its convolutions for other processors take blocks only in some builds.
  known ??= process.arch === "x64" ? measured() : Promise.resolve(undefined);
  return known;
}

/** Brings numbered channels into blocks, convolves them by a matrix, and sees by what size the result is right. */
async function measured(): Promise<number | undefined> {
  const channels = 16;
  const pixels = 4;
  const scope = new Scope(undefined, { blockSize: channels });
  const image = scope.input("image", [1, channels, 1, pixels]);
  const filters = scope.input("filters", [channels, channels, 1, 1]);
  const start = scope.input("start", [1, channels, 1, pixels]);
  const [lying, sum] = [image, start].map(({ shape, type }) => ({ shape, type })) as [
    typeof image,
    typeof image,
  ];
  const blocked = scope.node(`${BLOCKS_DOMAIN}:ReorderInput`, [image], lying);
  const result = scope.node(
    `${BLOCKS_DOMAIN}:Conv`,
    [blocked, filters, undefined, start],
    sum,
    { kernel_shape: { ints: [1, 1] } },
  );
  try {
    const model = toModel(scope, [blocked, stored(scope, result, [channels * pixels])]);
    const session = await createSession(model, { threads: 1 });
    const numbers = Float32Array.from({ length: channels * pixels }, (_, i) => i);
    const matrix = Float32Array.from({ length: channels * channels }, (_, i) => (i * 7) % 11);
    const [first, second] = await session.run({
      image: await hostTensor("float32", numbers, [1, channels, 1, pixels]),
      filters: await hostTensor("float32", matrix, [channels, channels, 1, 1]),
      start: await hostTensor("float32", numbers, [1, channels, 1, pixels]),
    });
    await session.release();
    return SIZES.find((size) => {
      const place = (channel: number, pixel: number) =>
        (Math.floor(channel / size) * pixels + pixel) * size + (channel % size);
      return numbers.every((_, i) => {
        const [channel, pixel] = [Math.floor(i / pixels), i % pixels];
        let total = numbers[place(channel, pixel)] as number;
        for (let k = 0; k < channels; k++) {
          const weight = matrix[(Math.floor(channel / size) * channels + k) * size + (channel % size)];
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
