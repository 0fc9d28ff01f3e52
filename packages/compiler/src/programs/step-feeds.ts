import { type Network, noiseOffset, rateAt, type Shape, type Trainable } from "@bioflax/core";
import { floats, type HostArray } from "../runtime/host-array";
import { boundName, noiseSize, offsetsName } from "./noise-inputs";

/** The steps of one call. */
export interface CallSteps {
  /** How many came before them. */
  readonly taken: number;
  readonly count: number;
  /** Rows of a batch, examples of several rows flattened. */
  readonly batchRows: number;
  /** How many of them each iteration of a loop takes; undefined where they are all written out one after another. */
  readonly perIteration: number | undefined;
  readonly seed: number;
}

type Feeds = Record<string, HostArray>;

const wholes = (data: BigInt64Array, shape: Shape): HostArray => ({ type: "int64", data, shape });

/** What a training program is told of a call's steps, beside its data and weights. */
export function stepFeeds(trainable: Trainable, steps: CallSteps): Feeds {
  const { learningRate, network } = trainable;
  const { taken, count, perIteration } = steps;
  const rates = Float32Array.from({ length: count }, (_, t) => rateAt(learningRate, taken + t));
  return {
    rates: floats(rates, [count]),
    stepsTaken: floats(Float32Array.of(taken), []),
    ...(perIteration === undefined
      ? boundFeeds(network, steps)
      : {
          iterations: wholes(BigInt64Array.of(BigInt(count / perIteration)), []),
          ...offsetFeeds(network, steps),
        }),
  };
}

/** Where each noise begins in its table at each step. */
function offsetFeeds({ noise }: Network, { taken, count, seed }: CallSteps): Feeds {
  const feeds: Feeds = {};
  for (const info of noise) {
    const offsets = BigInt64Array.from({ length: count }, (_, t) =>
      BigInt(noiseOffset(info, seed, taken + t)),
    );
    feeds[offsetsName(info)] = wholes(offsets, [count, 1]);
  }
  return feeds;
}

/** Where each noise begins and ends in its table, step by step. */
function boundFeeds({ noise }: Network, { taken, count, batchRows, seed }: CallSteps): Feeds {
  const feeds: Feeds = {};
  for (const info of noise)
    for (let t = 0; t < count; t++) {
      const start = noiseOffset(info, seed, taken + t);
      const bounds = { start, end: start + noiseSize(info, batchRows) };
      for (const [bound, at] of Object.entries(bounds) as ["start" | "end", number][])
        feeds[boundName(info, bound, t)] = wholes(BigInt64Array.of(BigInt(at)), [1]);
    }
  return feeds;
}
