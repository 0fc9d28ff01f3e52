import { compile } from "@bioflax/compiler";

/**
 * The fastest square product of three sizes, through the library that trains.
 *
 * @returns a measurement of so many products of each size, in operations a second.
 */
export async function peakMeter(threads: number): Promise<(repeats: number) => Promise<number>> {
  const meters = await Promise.all(
    [512, 1024, 2048].map(async (n) => {
      const product = await compile(
        (ops, [a, b]) => [ops.matMul(a!, b!)],
        [{ shape: [n, n] }, { shape: [n, n] }],
        { threads },
      );
      const factor = Float32Array.from({ length: n * n }, (_, i) => (i % 7) / 7);
      return async () => {
        const start = performance.now();
        await product.run([factor, factor]);
        return (2 * n ** 3) / ((performance.now() - start) / 1000);
      };
    }),
  );
  return async (repeats) => {
    let best = 0;
    for (const meter of meters)
      for (let i = 0; i < repeats; i++) best = Math.max(best, await meter());
    return best;
  };
}
