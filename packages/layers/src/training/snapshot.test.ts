import { createNetwork, type NetworkSpec } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { fromSpec, loss, optimizer, readSnapshot, writeSnapshot } from "../index";

const spec: NetworkSpec = {
  inputShape: [3],
  rule: "brsf",
  layers: [
    { type: "dense", units: 4, activation: "tanh" },
    { type: "batchNormalization" },
    { type: "dropout", rate: 0.3 },
    { type: "dense", units: 2 },
  ],
};

function trained(seed = 0) {
  const model = fromSpec(spec, undefined, { seed });
  const adam = optimizer({
    name: "adam",
    learningRate: 0.05,
    schedule: { name: "cosine", steps: 9 },
  });
  model.compile({ optimizer: adam, loss: loss("meanSquaredError") });
  return { model, network: createNetwork(spec), optimizer: adam };
}

const fit = ({ model }: ReturnType<typeof trained>, epochs: number) =>
  model.fit(tf.ones([6, 3]), tf.ones([6, 2]), { epochs, batchSize: 2, shuffle: false, verbose: 0 });

// No banner.
tf.enableProdMode();
beforeAll(() => tf.setBackend("cpu"));

describe("a snapshot", () => {
  test("is what model.fit goes on from, noise, moving statistics and schedule too", async () => {
    const undisturbed = trained();
    await fit(undisturbed, 3);
    const first = trained();
    await fit(first, 1);
    const snapshot = await readSnapshot(first);
    expect(snapshot.stepsTaken).toBe(3);
    expect(Object.keys(snapshot.slots)).toContain("layers.1.gamma/square");
    // A model that has trained too: what it has come to is forgotten.
    const second = trained();
    await fit(second, 2);
    writeSnapshot(second, snapshot);
    await fit(second, 2);
    expect(await readSnapshot(second)).toEqual(await readSnapshot(undisturbed));
  });

  test("leaves no tensors behind", async () => {
    const one = trained();
    const snapshot = await readSnapshot(one);
    const { numTensors } = tf.memory();
    for (let i = 0; i < 3; i++) {
      await readSnapshot(one);
      writeSnapshot(one, snapshot);
    }
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test("that does not fit changes nothing", async () => {
    const one = trained();
    await fit(one, 1);
    const before = await readSnapshot(one);
    const other = trained(5);
    await fit(other, 1);
    const { slots, ...rest } = await readSnapshot(other);
    const wrong = { ...rest, slots: { ...slots, "layers.3.bias/mean": new Float32Array(1) } };
    expect(() => writeSnapshot(one, wrong)).toThrow(
      'Slot "layers.3.bias/mean": expected 2 values for the shape [2], received 1.',
    );
    expect(await readSnapshot(one)).toEqual(before);
  });
});
