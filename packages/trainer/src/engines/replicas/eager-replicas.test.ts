import { CompiledNetwork } from "@bioflax/compiler";
import { createTrainable, getModel, type NetworkSpec } from "@bioflax/core";
import { type EagerDeviceName, useDevice } from "@bioflax/layers/node";
import { describe, expect, test } from "@jest/globals";
import { testReplicas } from "../../../../compiler/test/replica-network-tests";
import type { EngineSetup } from "../engine";
import { eagerReplicas, trainsBestAsOne } from "./eager-replicas";

/** Where TensorFlow's own library is installed. */
const hasTensorflow = Boolean(process.env.BIOFLAX_TENSORFLOW);

describe.each<EagerDeviceName>(["wasm", "cpu", ...(hasTensorflow ? ["tensorflow" as const] : [])])(
  "replicas that train as one on %s, beside networks of the compiled engine",
  (name) => {
    testReplicas({
      async createReplicas({ replicas, layout, ...common }) {
        const dataset = { ...layout, train: {} };
        const setups = replicas.map((own) => ({ ...own, ...common, dataset }));
        return eagerReplicas(
          await useDevice(name, { threads: 2 }),
          setups as unknown as readonly EngineSetup[],
        );
      },
      create: (setup) => CompiledNetwork.create({ ...setup, threads: 1 }),
      rules: name === "wasm" ? ["kp", "brsf", "dfa", "fdfa", "f3"] : ["kp"],
      seeds: [3, 0],
      rest: 5,
    });
  },
);

test("they train as one where that is faster", () => {
  const asOne = (device: EagerDeviceName, spec: NetworkSpec) => {
    const trainable = createTrainable({
      ...{ spec, loss: "softmaxCrossEntropy", optimizer: { name: "sgd", learningRate: 0.1 } },
    });
    return trainsBestAsOne(device, trainable, 32);
  };
  const dense = (inputs: number): NetworkSpec => ({
    inputShape: [inputs],
    rule: "fa",
    layers: [
      { type: "dense", units: 100, activation: "tanh" },
      { type: "dense", units: 10 },
    ],
  });
  const lenet = getModel("lenet5").create({ inputShape: [28, 28, 1], outputs: 10, rule: "fa" });
  const convolutions = { ...lenet, rule: "fa" } as const;
  expect([dense(16), dense(784), convolutions].map((spec) => asOne("wasm", spec))).toEqual([
    ...[true, false, false],
  ]);
  expect([dense(16), dense(784), convolutions].map((spec) => asOne("cpu", spec))).toEqual([
    ...[false, false, false],
  ]);
  expect([dense(784), convolutions].map((spec) => asOne("tensorflow", spec))).toEqual([true, true]);
});
