import { createTrainable, initializeWeights } from "@bioflax/core";
import { expect, test } from "@jest/globals";
import type { DeviceMemory } from "../runtime/device-memory";
import type { HostArray } from "../runtime/host-array";
import { NetworkState } from "./network-state";

const trainable = createTrainable({
  spec: { inputShape: [2], rule: "bp", layers: [{ type: "dense", units: 3 }] },
  loss: "softmaxCrossEntropy",
  optimizer: { name: "sgd", learningRate: 0.1, momentum: 0.9 },
});
const seeds = [0, 1, 2];
const weights = seeds.map((seed) => initializeWeights(trainable.network, seed));

/** A device's memory that counts what is brought from it. */
function counted() {
  const counts = { downloads: 0 };
  const memory: DeviceMemory<HostArray> = {
    isDevice: true,
    upload: async (array) => array,
    async download({ data }) {
      counts.downloads++;
      return Float32Array.from(data as Float32Array);
    },
    free() {},
    async release() {},
  };
  return { counts, memory };
}

test("snapshots of all replicas between two steps bring each array from the device once", async () => {
  const { counts, memory } = counted();
  const state = await NetworkState.ofReplicas(
    seeds.map(() => trainable),
    memory,
    seeds.map((seed) => ({ weights: weights[seed]!, seed, batchRows: 4 })),
  );
  const snapshots = await Promise.all(seeds.map((replica) => state.snapshot(replica)));
  // Kernel and bias, and the momentum of each.
  expect(counts.downloads).toBe(4);
  for (const replica of seeds) expect(snapshots[replica]!.weights).toEqual(weights[replica]);

  await state.weights(1);
  state.advance([], [], 1);
  await state.weights(2);
  expect(counts.downloads).toBe(8);
});

test("a replica that asks again has a copy of its own", async () => {
  const { memory } = counted();
  const state = await NetworkState.ofReplicas(
    seeds.map(() => trainable),
    memory,
    seeds.map((seed) => ({ weights: weights[seed]!, seed, batchRows: 4 })),
  );
  const first = await state.weights(0);
  first["layers.0.kernel"]!.fill(0);
  expect(await state.weights(0)).toEqual(weights[0]);
});
