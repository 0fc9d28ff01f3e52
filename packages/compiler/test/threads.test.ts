import {
  createNetwork,
  getModel,
  initializeWeights,
  type NetworkSpec,
  type OptimizerSpec,
  Random,
  type RuleName,
  separableConv2d,
} from "@bioflax/core";
import { afterEach, expect, jest, test } from "@jest/globals";
import { platform } from "#platform";
import { CompiledNetwork } from "../src/index";

const EXAMPLES = 96;
const sgd = { name: "sgd", learningRate: 0.02 } as const;

function denseOf(sizes: readonly number[], rule: RuleName): NetworkSpec {
  const [inputs, ...units] = sizes as readonly [number, ...number[]];
  return {
    inputShape: [inputs],
    rule,
    layers: units.map((own, i) => ({
      type: "dense",
      units: own,
      activation: i < units.length - 1 ? "tanh" : "identity",
    })),
  };
}

const lenet5 = (rule: RuleName): NetworkSpec => ({
  ...getModel("lenet5").create({ inputShape: [28, 28, 1], outputs: 10, rule }),
  rule,
});

/** A ResNet's block: its shortcut's windows have fewer elements than it has filters. */
const block: NetworkSpec = {
  inputShape: [16, 16, 16],
  rule: "bp",
  layers: [
    { type: "conv2d", filters: 16, kernelSize: 3, padding: "same" },
    { type: "batchNormalization" },
    { type: "activation", activation: "relu" },
    { type: "conv2d", filters: 32, kernelSize: 3, padding: "same", strides: 2 },
    { type: "batchNormalization" },
    { type: "conv2d", filters: 32, kernelSize: 1, strides: 2, inputs: [2] },
    { type: "batchNormalization" },
    { type: "add", inputs: [4, 6] },
    { type: "activation", activation: "relu" },
    { type: "globalAveragePooling2d" },
    { type: "dense", units: 10 },
  ],
};

/** Convolutions of every other kind, in a row. */
const kinds: NetworkSpec = {
  inputShape: [12, 12, 8],
  rule: "kp",
  layers: [
    { type: "depthwiseConv2d", kernelSize: 3, depthMultiplier: 2, padding: "same" },
    { type: "conv2d", filters: 24, kernelSize: 3, groups: 4, strides: 2, activation: "relu6" },
    { type: "conv2dTranspose", filters: 8, kernelSize: 3, strides: 2 },
    { type: "layerNormalization" },
    ...separableConv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
    { type: "maxPooling2d", poolSize: 2 },
    { type: "flatten" },
    { type: "dense", units: 10 },
  ],
};

/** Convolutions of steps. */
const steps: NetworkSpec = {
  inputShape: [40, 6],
  rule: "fa",
  layers: [
    { type: "conv1d", filters: 24, kernelSize: 5, activation: "tanh" },
    { type: "conv1d", filters: 32, kernelSize: 3, strides: 2, activation: "tanh" },
    { type: "gru", units: 20 },
    { type: "dense", units: 10 },
  ],
};

/** So large, in a batch of 128, that its convolutions go in blocks, and its kernels' gradients by shifted images. */
const large: NetworkSpec = {
  inputShape: [32, 32, 16],
  rule: "dfa",
  layers: [
    { type: "conv2d", filters: 16, kernelSize: 3, padding: "same", activation: "relu" },
    { type: "conv2d", filters: 16, kernelSize: 3, padding: "same", activation: "relu" },
    { type: "globalAveragePooling2d" },
    { type: "dense", units: 10 },
  ],
};

const cases: readonly [
  name: string,
  spec: NetworkSpec,
  optimizer: OptimizerSpec,
  matrices: "blocks" | "rows",
  batchSize?: number,
][] = [
  ["products in blocks", denseOf([784, 200, 200, 10], "fa"), sgd, "blocks"],
  ["products in rows", denseOf([784, 200, 200, 10], "fa"), sgd, "rows"],
  ["a gradient that teaches two weights", denseOf([300, 200, 10], "kp"), sgd, "blocks"],
  ["noise, Adam", denseOf([300, 200, 10], "wm"), { name: "adam", learningRate: 0.001 }, "blocks"],
  ["products too small for blocks", denseOf([16, 100, 50, 10], "bp"), sgd, "blocks"],
  ["a residual block", block, sgd, "blocks"],
  ["a residual block, momentum", block, { ...sgd, momentum: 0.9 }, "blocks"],
  ["convolutions, pooling, momentum", lenet5("dfa"), { ...sgd, momentum: 0.9 }, "blocks"],
  ["depthwise, grouped, transposed and separable convolutions", kinds, sgd, "blocks"],
  ["convolutions of steps, and a recurrent layer", steps, sgd, "blocks"],
  ["large convolutions", large, sgd, "blocks", 128],
];

afterEach(() => {
  jest.restoreAllMocks();
});

type InferenceSessionOptions = import("onnxruntime-node").InferenceSession.SessionOptions;

/** Examples that fit a network. */
function sourceOf({ inputShape }: NetworkSpec) {
  const random = new Random(0, "threads");
  const size = inputShape.reduce((product, extent) => product * extent, 1);
  return {
    source: {
      inputs: Float32Array.from({ length: EXAMPLES * size }, () => random.normal()),
      targets: Int32Array.from({ length: EXAMPLES }, () => random.below(10)),
      count: EXAMPLES,
    },
    rows: Int32Array.from({ length: 8 * 32 }, () => random.below(EXAMPLES)),
  };
}

// What one machine has come to, another with other processors goes on with, or evaluates, to the same bits.
test.each(cases)(
  "the same bits by one thread, by two and by five: %s",
  async (_, spec, optimizer, matrices, batchSize = 32) => {
    const { source, rows } = sourceOf(spec);
    const weights = initializeWeights(createNetwork(spec), 0);
    const results = [];
    for (const threads of [1, 2, 5]) {
      const network = await CompiledNetwork.create({
        ...{ spec, weights, optimizer, matrices, threads, batchSize },
        loss: "softmaxCrossEntropy",
        layout: { inputShape: spec.inputShape, targetShape: [] },
      });
      results.push({
        trained: await network.train(source, rows),
        measured: await network.train(source, rows.subarray(32, 64), { alignmentBatches: 1 }),
        evaluation: await network.evaluate(source, rows),
        after: await network.snapshot(),
      });
      await network.dispose();
    }
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  },
);

test.each([
  ["dense layers", denseOf([300, 200, 10], "kp")],
  ["convolutions", lenet5("fa")],
])("others who come and go while it trains do not change a bit: %s", async (_, spec) => {
  const { source, rows } = sourceOf(spec);
  const train = async (threadsVary: boolean) => {
    const network = await CompiledNetwork.create({
      ...{
        spec,
        weights: initializeWeights(createNetwork(spec), 0),
        optimizer: sgd,
        batchSize: 32,
      },
      ...{ loss: "softmaxCrossEntropy", threads: 2, threadsVary },
      layout: { inputShape: spec.inputShape, targetShape: [] },
    });
    const losses = [];
    for (let call = 0; call < 12; call++) losses.push((await network.train(source, rows)).losses);
    const after = await network.snapshot();
    await network.dispose();
    return { losses, after };
  };
  const alone = await train(false);

  // A clock by which each call takes a second, of which others have all of one processor.
  let at = 0;
  const times = jest.spyOn(platform, "processorTimes").mockImplementation(() => {
    at += 1000;
    return { at, all: at, own: 0 };
  });
  const { InferenceSession } = await import("onnxruntime-node");
  const create = jest.spyOn(InferenceSession, "create");
  expect(await train(true)).toEqual(alone);
  expect(times).toHaveBeenCalled();
  const threads = create.mock.calls.map(
    ([, options]) => (options as InferenceSessionOptions).intraOpNumThreads,
  );
  expect(new Set(threads)).toEqual(new Set([1, 2]));
});
