import {
  type CallSteps,
  floats,
  type HostArray,
  noiseStarts,
  offsetsName,
  ratesFeed,
  type Stepping,
} from "@bioflax/compiler";
import type { Shape, Trainable } from "@bioflax/core";

/** The steps of one call, of which the program holds `most`. */
type Steps = Pick<CallSteps, "taken" | "count" | "largestRows"> & { readonly most: number };

const wholes = (data: Int32Array, shape: Shape): HostArray => ({ type: "int32", data, shape });

/** What a training program is told of a call's steps, beside the state, the source and the rows. */
export function stepFeeds(networks: Stepping, steps: Steps): Record<string, HostArray> {
  const { taken, count } = steps;
  const isScheduled = networks.trainables.some(
    ({ learningRate }) => typeof learningRate !== "number",
  );
  return {
    steps: wholes(Int32Array.of(count), []),
    stepsTaken: floats(Float32Array.of(taken), []),
    ...(isScheduled && { rates: ratesFeed(networks, steps) }),
    ...offsetFeeds(networks, steps),
  };
}

/** Where each noise begins in its table at each step, [most, ...axis]. */
export function offsetFeeds(networks: Stepping, steps: Steps): Record<string, HostArray> {
  const { trainables, axis } = networks;
  const { network } = trainables[0] as Trainable;
  return Object.fromEntries(
    network.noise.map((info) => {
      const offsets = new Int32Array(steps.most * trainables.length);
      offsets.set(noiseStarts(networks, info, steps));
      return [offsetsName(info), wholes(offsets, [steps.most, ...axis])];
    }),
  );
}
