import type { compile as Compile, CompiledDevice } from "@bioflax/compiler";
import type { Place } from "@bioflax/xla";
import type * as tf from "@tensorflow/tfjs";
import { sumOfProduct } from "./xla/sum-of-product";

/** How long products are repeated for. */
const MILLISECONDS = 500;
/** Rows and columns of the matrices, tried one after another while they are quick enough. */
const SIZES = [64, 128, 256, 512, 1024, 2048, 4096];
/** What a device may take for one product before larger ones are left out. */
const PATIENCE = 150;

/**
 * The fastest of square products, in billions of operations a second.
 *
 * @param prepare makes ready for products of a size. @returns one that runs such a product, and one that ends with
 *   them.
 */
async function fastest(
  prepare: (size: number) => Promise<{ run: () => Promise<unknown>; end: () => Promise<unknown> }>,
): Promise<number> {
  let best = 0;
  for (const size of SIZES) {
    const { run, end } = await prepare(size);
    await run();
    let last = 0;
    const until = performance.now() + MILLISECONDS / SIZES.length;
    do {
      const start = performance.now();
      await run();
      last = performance.now() - start;
      best = Math.max(best, (2 * size ** 3) / last / 1e6);
    } while (performance.now() < until);
    await end();
    if (last > PATIENCE) break;
  }
  return best;
}

const matrix = (size: number) => Float32Array.from({ length: size * size }, (_, i) => (i % 7) / 7);

/**
 * How fast each engine multiplies matrices on a device, the time to ask for it and to see a number of the result
 * included; several products are asked for at once, each of the last one's result, so that this counts little.
 */
export const productSpeed = {
  async compiled(device: CompiledDevice): Promise<number> {
    const { compile }: { compile: typeof Compile } = await import("@bioflax/compiler");
    return fastest(async (size) => {
      // The matrices are made on the device and only a sum comes back: nothing large is copied.
      const chain = await compile(
        (ops, [seed]) => {
          const start = ops.broadcastTo(ops.reshape(seed as never, [1, 1]), [size, size]);
          const product = ops.matMul(start, ops.mul(start, 1 / size));
          return [ops.sum(product)];
        },
        [{ shape: [1] }],
        { device },
      );
      return { run: () => chain.run([Float32Array.of(1)]), end: () => chain.release() };
    });
  },
  async eager(tfjs: typeof tf): Promise<number> {
    return fastest(async (size) => {
      const a = tfjs.tensor2d(matrix(size), [size, size]);
      const run = async () => {
        const sum = tfjs.tidy(() => tfjs.sum(tfjs.matMul(a, a)));
        await sum.data();
        sum.dispose();
      };
      return { run, end: async () => a.dispose() };
    });
  },
  async xla({ client, device, xlaOptions }: Place): Promise<number> {
    const on = device === undefined ? {} : { device };
    const options = xlaOptions === undefined ? on : { ...on, xlaOptions };
    return fastest(async (size) => {
      const program = await client.compile(sumOfProduct(size), options);
      const a = await client.buffer(matrix(size), { shape: [size, size], ...on });
      const run = async () => {
        const [sum] = await program.execute([a]);
        await sum?.toHost();
        sum?.destroy();
      };
      const end = async () => {
        for (const one of [a, program]) one.destroy();
      };
      return { run, end };
    });
  },
};
