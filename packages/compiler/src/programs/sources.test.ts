import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createTrainable } from "@bioflax/core";
import { expect, test } from "@jest/globals";
import type { DeviceMemory } from "../runtime/device-memory";
import { programName } from "./program-context";
import type { Source } from "./source";
import { Sources } from "./sources";

const trainable = createTrainable({
  spec: { inputShape: [2], rule: "bp", layers: [{ type: "dense", units: 3 }] },
  loss: "softmaxCrossEntropy",
  optimizer: { name: "sgd", learningRate: 0.1 },
});
const source: Source = {
  inputs: Float32Array.of(1, 2, 3, 4),
  targets: Int32Array.of(0, 2),
  count: 2,
};

/** Sources in a memory that counts what is in it. */
function counted() {
  const held = new Set<object>();
  const memory: DeviceMemory<object> = {
    isDevice: true,
    async upload(array) {
      const buffer = { shape: array.shape };
      held.add(buffer);
      return buffer;
    },
    download: async () => new Float32Array(),
    free: (buffer) => void held.delete(buffer),
    async release() {},
  };
  const layout = { inputShape: [2], targetShape: [] };
  return { held, sources: new Sources({ trainable }, memory, { layout, batchSize: 2 }) };
}

test("a source is brought to the device once, and freed with the rest", async () => {
  const { held, sources } = counted();
  const [first, second] = await Promise.all([sources.feeds(source), sources.feeds(source)]);
  expect(first).toEqual({ inputs: { shape: [2, 2] }, targets: { shape: [2] } });
  expect(second).toBe(first);
  await sources.feeds({ ...source, weights: Float32Array.of(1, 0.5) });
  expect(held.size).toBe(5);
  await sources.dispose();
  expect(held.size).toBe(0);
});

test("what was brought of a source goes with it, when it is collected", async () => {
  const { held, sources } = counted();
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const bring = async () => {
    await sources.feeds({ ...source });
  };
  await bring();
  await sources.feeds(source);
  for (let tries = 0; held.size > 2 && tries < 100; tries++) {
    await setImmediate();
    collect();
  }
  expect(held.size).toBe(2);
  await sources.dispose();
  expect(held.size).toBe(0);
});

test("one that does not fit is refused, and left out of what is freed", async () => {
  const { held, sources } = counted();
  const wrong = { ...source, targets: Int32Array.of(0, 3) };
  await expect(sources.feeds(wrong)).rejects.toThrow("with 3 in row 1");
  expect(() => sources.context(wrong, 1)).toThrow("with 3 in row 1");
  await sources.dispose();
  expect(held.size).toBe(0);
});

test("programs are one another's where sources and batches are of a kind", () => {
  const { sources } = counted();
  const name = (given: Source, batch: number) =>
    programName("training", sources.context(given, batch));
  expect(name({ ...source }, 2)).toBe(name(source, 2));
  expect(name(source, 1)).not.toBe(name(source, 2));
  expect(name({ ...source, weights: Float32Array.of(1, 1) }, 2)).not.toBe(name(source, 2));
  expect(name({ ...source, inputs: new Uint8Array(4) }, 2)).not.toBe(name(source, 2));
});
