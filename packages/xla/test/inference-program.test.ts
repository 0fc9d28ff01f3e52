import { createNetwork, initializeWeights, type NetworkSpec, Random } from "@bioflax/core";
import type { PjrtClient } from "@bioflax/pjrt";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { inferenceProgram, XlaNetwork } from "../src/index";
import { cpuClient, wherePlugin } from "./xla-interpreter";

const spec: NetworkSpec = {
  inputShape: [8, 8, 2],
  rule: "fa",
  layers: [
    { type: "conv2d", filters: 3, kernelSize: 3, padding: "same" },
    { type: "batchNormalization" },
    { type: "activation", activation: "relu" },
    { type: "maxPooling2d", poolSize: 2 },
    { type: "flatten" },
    { type: "dropout", rate: 0.5 },
    { type: "dense", units: 4 },
  ],
};
const weights = initializeWeights(createNetwork(spec), 3);

wherePlugin("XLA on the processor", () => {
  let client: PjrtClient;
  beforeAll(async () => {
    client = await cpuClient();
  });
  afterAll(() => client.destroy());

  test("a program of its own answers as the network does", async () => {
    const random = new Random(0, "inference-program");
    const inputs = Float32Array.from({ length: 5 * 128 }, () => random.normal());
    const network = await XlaNetwork.create({
      ...{ client, spec, weights, loss: "softmaxCrossEntropy", batchSize: 5 },
      optimizer: { name: "sgd", learningRate: 0.1 },
      layout: { inputShape: [8, 8, 2], targetShape: [] },
    });
    const source = { inputs, targets: new Int32Array(5), count: 5 };
    await network.train(source, Int32Array.of(0, 1, 2, 3, 4));
    const trained = await network.weights();
    const text = inferenceProgram({ spec, weights: trained, batch: 5 });
    const executable = await client.compile(text);
    const [output] = await executable.execute([
      await client.buffer(inputs, { shape: [5, 8, 8, 2] }),
    ]);
    expect(output!.shape).toEqual([5, 4]);
    const expected = await network.predict(source, Int32Array.of(0, 1, 2, 3, 4));
    (await output!.toHost<"f32">()).forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 5));
    await network.dispose();
  });
});

test("feedback weights are in none, whether there are any or not", () => {
  const kernels = Object.entries(weights).filter(([name]) => !name.endsWith(".feedback"));
  expect(kernels.length).toBeLessThan(Object.keys(weights).length);
  expect(inferenceProgram({ spec, weights: Object.fromEntries(kernels) })).toBe(
    inferenceProgram({ spec, weights }),
  );
});

test("what does not fit is refused", () => {
  const { "layers.6.bias": _bias, ...missing } = weights;
  expect(() => inferenceProgram({ spec, weights: missing })).toThrow(
    'inferenceProgram: expected the weight "layers.6.bias" to hold [4] = 4 numbers, received none.',
  );
  expect(() => inferenceProgram({ spec, weights, batch: 0 })).toThrow(
    "expected batch to be a whole number from 1, received 0.",
  );
});
