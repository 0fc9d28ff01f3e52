import {
  type NoiseInfo,
  noiseOffset,
  noiseTableSize,
  rateAt,
  type Shape,
  type Trainable,
} from "@bioflax/core";
import { floats, type HostArray } from "../runtime/host-array";
import { boundName, noiseSize, offsetsName } from "./noise-inputs";

/** The steps of one call. */
export interface CallSteps {
  /** How many came before them. */
  readonly taken: number;
  readonly count: number;
  /** Rows of a batch, and of the largest there is, examples of several rows flattened. */
  readonly batchRows: number;
  readonly largestRows: number;
  /** How many of them each iteration of a loop takes; undefined where they are all written out one after another. */
  readonly perIteration: number | undefined;
}

/** Networks that train as one, or one by itself: what each step is told differs from one to another. */
export interface Stepping {
  readonly trainables: readonly Trainable[];
  /** The seed of each one's noise. */
  readonly seeds: readonly number[];
  /** The axis of replicas that arrays have. */
  readonly axis: Shape;
}

type Feeds = Record<string, HostArray>;

const wholes = (data: BigInt64Array, shape: Shape): HostArray => ({ type: "int64", data, shape });

/** What a training program is told of a call's steps, beside its data and weights. */
export function stepFeeds(networks: Stepping, steps: CallSteps): Feeds {
  const { taken, count, perIteration } = steps;
  return {
    rates: ratesFeed(networks, { taken, count, most: count }),
    stepsTaken: floats(Float32Array.of(taken), []),
    ...(perIteration === undefined
      ? boundFeeds(networks, steps)
      : {
          iterations: wholes(BigInt64Array.of(BigInt(count / perIteration)), []),
          ...offsetFeeds(networks, steps),
        }),
  };
}

/** Each step's rate, [most, ...axis]. @param most how many steps the program holds. */
export function ratesFeed(
  { trainables, axis }: Stepping,
  { taken, count, most }: { readonly taken: number; readonly count: number; readonly most: number },
): HostArray {
  const rates = new Float32Array(most * trainables.length);
  for (let t = 0; t < count; t++)
    trainables.forEach(({ learningRate }, replica) => {
      rates[t * trainables.length + replica] = rateAt(learningRate, taken + t);
    });
  return floats(rates, [most, ...axis]);
}

/**
 * Where a noise begins at some steps, step by step and replica by replica: in all replicas' tables one after another.
 */
export function noiseStarts(
  { trainables, seeds }: Stepping,
  noise: NoiseInfo,
  { taken, count, largestRows }: Pick<CallSteps, "taken" | "count" | "largestRows">,
): number[] {
  const size = noiseTableSize(noise, largestRows);
  return Array.from({ length: count }, (_, t) =>
    trainables.map(
      (_network, replica) =>
        replica * size + noiseOffset(noise, seeds[replica] as number, taken + t),
    ),
  ).flat();
}

const noiseOf = ({ trainables }: Stepping) => (trainables[0] as Trainable).network.noise;

function offsetFeeds(networks: Stepping, steps: CallSteps): Feeds {
  const columns = networks.axis.length === 0 ? [1] : networks.axis;
  return Object.fromEntries(
    noiseOf(networks).map((info) => {
      const starts = BigInt64Array.from(noiseStarts(networks, info, steps), BigInt);
      return [offsetsName(info), wholes(starts, [steps.count, ...columns])];
    }),
  );
}

/** Where each noise begins and ends in its table, step by step. */
function boundFeeds(networks: Stepping, steps: CallSteps): Feeds {
  const feeds: Feeds = {};
  for (const info of noiseOf(networks))
    noiseStarts(networks, info, steps).forEach((start, place) => {
      const bounds = { start, end: start + noiseSize(info, steps.batchRows) };
      for (const [bound, at] of Object.entries(bounds) as ["start" | "end", number][])
        feeds[boundName(info, bound, place)] = wholes(BigInt64Array.of(BigInt(at)), [1]);
    });
  return feeds;
}
