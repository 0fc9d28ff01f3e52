import { floats, type HostArray, offsetsName } from "@bioflax/compiler";
import { noiseOffset, rateAt, type Shape, type Trainable } from "@bioflax/core";

/** The steps of one call. */
interface CallSteps {
  /** How many came before them. */
  readonly taken: number;
  readonly count: number;
  /** How many the program holds. */
  readonly most: number;
  readonly seed: number;
}

const wholes = (data: Int32Array, shape: Shape): HostArray => ({ type: "int32", data, shape });

/** What a training program is told of a call's steps, beside the state, the source and the rows. */
export function stepFeeds(trainable: Trainable, steps: CallSteps): Record<string, HostArray> {
  const { learningRate } = trainable;
  const { taken, count } = steps;
  return {
    steps: wholes(Int32Array.of(count), []),
    stepsTaken: floats(Float32Array.of(taken), []),
    ...(typeof learningRate !== "number" && { rates: ratesOf(learningRate, steps) }),
    ...offsetFeeds(trainable, steps),
  };
}

function ratesOf(
  learningRate: Trainable["learningRate"],
  { taken, count, most }: CallSteps,
): HostArray {
  const rates = new Float32Array(most);
  for (let t = 0; t < count; t++) rates[t] = rateAt(learningRate, taken + t);
  return floats(rates, [most]);
}

/** Where each noise begins in its table at each step. */
export function offsetFeeds(
  { network }: Trainable,
  { taken, count, most, seed }: CallSteps,
): Record<string, HostArray> {
  const feeds: Record<string, HostArray> = {};
  for (const info of network.noise) {
    const offsets = new Int32Array(most);
    for (let t = 0; t < count; t++) offsets[t] = noiseOffset(info, seed, taken + t);
    feeds[offsetsName(info)] = wholes(offsets, [most]);
  }
  return feeds;
}
