import { compile, inferenceModel } from "@bioflax/compiler";
import type { NetworkSpec } from "@bioflax/core";
import { InferenceSession, Tensor } from "onnxruntime-node";

const SIZES = [512, 1024, 2048];

/** Square products of one size. */
type Product = () => Promise<unknown>;

/**
 * The fastest square product of three sizes, through the library that trains.
 *
 * @returns a measurement of so many products of each size, in operations a second.
 */
export async function peakMeter(threads: number): Promise<(repeats: number) => Promise<number>> {
  return meterOf(await Promise.all(SIZES.map((n) => product(n, threads))));
}

/** The same where the right factor is a constant, which the library lays out as it likes before it begins. */
export async function constantPeakMeter(
  threads: number,
): Promise<(repeats: number) => Promise<number>> {
  return meterOf(await Promise.all(SIZES.map((n) => constantProduct(n, threads))));
}

function meterOf(products: readonly Product[]): (repeats: number) => Promise<number> {
  return async (repeats) => {
    let best = 0;
    for (const [i, multiply] of products.entries())
      for (let done = 0; done < repeats; done++) {
        const start = performance.now();
        await multiply();
        const seconds = (performance.now() - start) / 1000;
        best = Math.max(best, (2 * (SIZES[i] as number) ** 3) / seconds);
      }
    return best;
  };
}

const factorOf = (n: number) => Float32Array.from({ length: n * n }, (_, i) => (i % 7) / 7);

async function product(n: number, threads: number): Promise<Product> {
  const { run } = await compile(
    (ops, [a, b]) => [ops.matMul(a!, b!)],
    [{ shape: [n, n] }, { shape: [n, n] }],
    { threads },
  );
  const factor = factorOf(n);
  return () => run([factor, factor]);
}

async function constantProduct(n: number, threads: number): Promise<Product> {
  const spec: NetworkSpec = {
    inputShape: [n],
    rule: "bp",
    layers: [{ type: "dense", units: n, useBias: false }],
  };
  const factor = factorOf(n);
  const model = inferenceModel({ spec, weights: { "layers.0.kernel": factor } });
  const session = await InferenceSession.create(model, { intraOpNumThreads: threads });
  const input = new Tensor("float32", factor, [n, n]);
  return () => session.run({ input });
}
