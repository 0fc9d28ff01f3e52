import {
  createNetwork,
  defineKernelLayer,
  defineLayer,
  initializeWeights,
  layers,
  networkSpecOf,
} from "@bioflax/core";
import { layerContract } from "@bioflax/core/testing";
import { afterAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { savedAndLoaded } from "../../test/artifacts";
import {
  bioConv1d,
  bioConv2dTranspose,
  bioDense,
  bioDepthwiseConv2d,
  bioEmbedding,
  bioLayer,
  bioSeparableConv2d,
  fromSpec,
  readWeights,
  toLayersModel,
  toSpec,
} from "../index";

const halve = defineLayer({
  name: "halve",
  options: { by: { type: "number", default: 2, above: 0, doc: "what it is divided by" } },
  examples: [{ by: 4 }],
  probe: [3],
  anyRank: true,
  maths: ({ by }) => ({
    forward: (ops, _parameters, input) => ({ input, output: ops.mul(input, 1 / by) }),
    backward: (ops, _parameters, _residuals, delta) => ({ input: ops.mul(delta, 1 / by) }),
  }),
});

/** x·(gain·W): a dense layer with a fixed gain. */
const gained = defineKernelLayer({
  name: "gained",
  options: {
    units: { type: "number", from: 1, whole: true, doc: "how many units" },
    gain: { type: "number", default: 1, doc: "what the kernel is multiplied by" },
  },
  examples: [{ units: 2, gain: 3 }],
  probe: [3],
  map: ({ units, gain }, [inputs]) => ({
    inputShape: [inputs as number],
    outputShape: [units],
    kernelShape: [inputs as number, units],
    apply: (ops, input, kernel) => ops.matMul(ops.mul(input, gain), kernel),
    kernelGradient: (ops, input, error) =>
      ops.matMul(ops.mul(input, gain), error, { transposeA: true }),
    backproject: (ops, transport, error) =>
      ops.matMul(ops.mul(error, gain), transport, { transposeB: true }),
  }),
});
afterAll(() => {
  for (const { name } of [halve, gained]) layers.remove(name);
});

const window = { rule: "fa", kernelSize: 3, dataFormat: "channelsLast" } as const;

const networkOf = (rule: "fa" | "dfa") =>
  networkSpecOf({
    inputShape: [3],
    rule,
    layers: [
      { type: gained, units: 5, gain: 0.5, activation: "tanh" },
      { type: halve, by: 4 },
      { type: "dense", units: 2 },
    ],
  });

test("keep the contract of layers", () => {
  layerContract(halve);
  layerContract(gained);
});

describe.each(["fa", "dfa"] as const)("a network of one's own layers under %s", (rule) => {
  test("is made from a spec and read back, predicts and trains", async () => {
    const spec = networkOf(rule);
    const weights = initializeWeights(createNetwork(spec), 3);
    const model = fromSpec(spec, weights);
    expect(await readWeights(model)).toEqual(weights);
    const back = await toSpec(model);
    expect(createNetwork(back.spec).layers.map((layer) => layer.spec.type)).toEqual([
      "gained",
      "halve",
      "dense",
    ]);
    expect(back.spec.layers[1]).toMatchObject({ type: "halve", by: 4 });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
    const [xs, ys] = [tf.randomNormal([8, 3], 0, 1, "float32", 1), tf.zeros([8, 2])];
    const { history } = await model.fit(xs, ys, { epochs: 20, verbose: 0 });
    expect(history.loss?.at(-1)).toBeLessThan(history.loss?.[0] as number);
    const loaded = await savedAndLoaded(model);
    const [before, after] = [model, loaded].map((one) =>
      (one.predict(xs) as tf.Tensor).arraySync(),
    );
    expect(after).toEqual(before);
    expect(() => toLayersModel(model)).toThrow(
      "toLayersModel: expected layers that TensorFlow.js has",
    );
  });
});

describe("types of several capitals in a row, of which TensorFlow.js leaves one in what it saves", () => {
  const halveXYZ = { ...halve, name: "halveXYZ" };
  const gainedXYZ = { ...gained, name: "gainedXYZ" };
  afterAll(() => {
    for (const { name } of [halveXYZ, gainedXYZ]) layers.remove(name);
  });

  test.each(["fa", "dfa", "pepita"] as const)("are found again under %s", async (rule) => {
    const model = fromSpec(
      networkSpecOf({
        inputShape: [3],
        rule,
        layers: [
          { type: gainedXYZ, units: 5, gain: 0.5, activation: "tanh" },
          { type: halveXYZ, by: 4 },
          { type: "dense", units: 2 },
        ],
      }),
    );
    const xs = tf.randomNormal([8, 3], 0, 1, "float32", 1);
    const loaded = await savedAndLoaded(model);
    const [before, after] = [model, loaded].map((one) =>
      (one.predict(xs) as tf.Tensor).arraySync(),
    );
    expect(after).toEqual(before);
    expect((await toSpec(loaded)).spec).toEqual((await toSpec(model)).spec);
  });
});

test("are made one by one, by definition or type, beside any others", () => {
  const model = tf.sequential({
    layers: [
      bioDense({ rule: "fa", units: 4, inputShape: [3] }),
      bioLayer(halve, { name: "half" }),
    ],
  });
  expect(model.outputs[0]?.shape).toEqual([null, 4]);
  expect(bioLayer("halve", { by: 3 }).getConfig()).toMatchObject({
    spec: { type: "halve", by: 3 },
  });
});

test.each<[string, () => tf.layers.Layer]>([
  ["bioConv1d", () => bioConv1d({ ...window, filters: 2 })],
  ["bioDepthwiseConv2d", () => bioDepthwiseConv2d(window)],
  ["bioConv2dTranspose", () => bioConv2dTranspose({ ...window, filters: 2 })],
  ["bioSeparableConv2d", () => bioSeparableConv2d({ ...window, filters: 2 })[1]],
])("%s may be told that channels are last", (_name, make) => {
  expect(make).not.toThrow();
});

test.each<[string, () => unknown, string]>([
  [
    "an option out of its range",
    () => bioLayer(halve, { by: 0 }),
    'expected "by" to be a number above 0, received 0',
  ],
  [
    "an unknown option",
    () => bioLayer(halve, { bye: 1 }),
    'bioLayer("halve"): unknown option "bye".',
  ],
  [
    "a misspelt option of a convolution's own",
    () => bioConv1d({ rule: "fa", filter: 3, kernelSize: 3, name: "mine" } as never),
    'Layer "mine": unknown option "filter". Did you mean "filters"?',
  ],
  [
    "what a model says itself",
    () => bioConv1d({ rule: "fa", filters: 3, kernelSize: 3, inputs: [0] } as never),
    'unknown option "inputs"',
  ],
  [
    "a spec beside the options that make it",
    () => bioEmbedding({ rule: "fa", inputDim: 3, outputDim: 2, spec: {} } as never),
    'unknown option "spec"',
  ],
  [
    "channels that come first",
    () => bioDepthwiseConv2d({ rule: "fa", kernelSize: 3, dataFormat: "channelsFirst" } as never),
    'expected dataFormat "channelsLast"',
  ],
  ["an unknown type", () => bioLayer("halv"), 'Unknown layer type "halv". Did you mean "halve"?'],
  [
    "no rule",
    () => bioLayer(gained, { units: 2 }),
    'expected a rule for "gained", which has a kernel',
  ],
])("refuses %s", (_what, make, text) => {
  expect(make).toThrow(text);
});
