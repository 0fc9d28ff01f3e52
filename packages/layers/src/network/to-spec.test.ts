import { createNetwork, hasKernel, type NetworkSpec } from "@bioflax/core";
import { chosen, convolutionCases } from "@bioflax/core/testing";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { branchedModel } from "../../test/convert-models";
import {
  bioConv2d,
  bioDense,
  bioMaxPooling2d,
  convert,
  denseDFAOutput,
  fromSpec,
  networkNoise,
  networkParameters,
  readWeights,
  toNetwork,
  toSpec,
  writeWeights,
} from "../index";
import "../../test/backends";

beforeAll(() => tf.setBackend("cpu"));

const images = () => tf.randomNormal([4, 8, 6, 2], 0, 1, "float32", 3);
const values = (x: unknown) => [...(x as tf.Tensor).dataSync()];

/** Networks under rules, no two of them alike. */
const cases = [
  ...new Map(
    chosen(convolutionCases({ steps: 1 }), 7).map((given) => [JSON.stringify(given.spec), given]),
  ).values(),
];

describe("toSpec is the other way round from fromSpec", () => {
  test.each(cases.map((given) => [given.name, given] as const))("%s", async (_name, given) => {
    const model = fromSpec(given.spec, given.weights, { seed: given.seed });
    const { spec, weights } = await toSpec(model);
    const [received, expected] = [createNetwork(spec), createNetwork(given.spec)];
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(received.wiring).toEqual(expected.wiring);
    expect(received.rules).toEqual(expected.rules);
    expect(received.outputLayer).toBe(expected.outputLayer);
    const shapes = ({ parameters }: typeof received) =>
      parameters.map(({ name, shape, learns, changes, structure }) => [
        name,
        // An alignment is of a start that lies behind.
        ...[shape, learns, changes, structure?.connections, structure?.rank],
      ]);
    expect(shapes(received)).toEqual(shapes(expected));
    expect(received.noise.map(({ name, shape, perExample }) => [name, shape, perExample])).toEqual(
      expected.noise.map(({ name, shape, perExample }) => [name, shape, perExample]),
    );
    expect(weights).toEqual(given.weights);
    model.dispose();
  });
});

describe("a converted model", () => {
  test.each(["fa", "dfa"] as const)(
    "%s: has a spec and weights that predict the same",
    async (rule) => {
      const plain = branchedModel();
      const { model } = convert(plain, { rule, feedbackProjection: "broadcast" });
      const { spec, weights } = await toSpec(model);
      expect(spec.layers.map(({ type }) => type)).toEqual([
        ...["conv2d", "batchNormalization", "maxPooling2d"],
        ...["conv2d", "conv2d", "batchNormalization", "add", "activation"],
        ...["averagePooling2d", "flatten", "dense", "dropout", "dense"],
      ]);
      const kernels = spec.layers.filter(hasKernel);
      expect(kernels.map((layer) => layer.rule)).toEqual([rule, rule, rule, rule, rule]);
      const again = fromSpec(spec, weights);
      const [received, expected] = [again, plain].map((of) => values(of.predict(images())));
      received!.forEach((y, i) => expect(y).toBeCloseTo(expected![i]!, 5));
    },
  );

  test("exchanges weights by name, those of TensorFlow.js's batch normalisation too", async () => {
    const layers = () => [
      tf.layers.batchNormalization({ inputShape: [3], momentum: 0.5, gammaInitializer: "zeros" }),
      bioDense({ rule: "bp", units: 2 }),
    ];
    const [model, other] = [layers(), layers()].map((own) => tf.sequential({ layers: own }));
    model!.apply(tf.randomNormal([8, 3], 2, 1, "float32", 1), { training: true });
    const weights = await readWeights(model!);
    expect(Object.keys(weights)).toEqual([
      ...["gamma", "beta", "movingMean", "movingVariance"].map((role) => `layers.0.${role}`),
      ...["kernel", "bias"].map((role) => `layers.1.${role}`),
    ]);
    writeWeights(other!, weights);
    expect(await readWeights(other!)).toEqual(weights);
    expect(weights["layers.0.movingMean"]![0]).toBeGreaterThan(0.5);
    const network = toNetwork(model!);
    const [{ movingMean }] = networkParameters(model!, network) as [{ movingMean: tf.Tensor }];
    expect(values(movingMean)).toEqual([...weights["layers.0.movingMean"]!]);
    expect(networkNoise(model!, 8)).toEqual([]);
  });
});

describe("what an error says", () => {
  const dense = (options = {}) =>
    bioDense({ rule: "fa", units: 2, inputShape: [4], name: "a", ...options });
  const chain = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });
  const eager = "Train the model eagerly, with model.fit, or change the layer.";

  test.each<[string, () => tf.LayersModel, string]>([
    [
      "a regularizer",
      () => chain(dense({ kernelRegularizer: "l1l2" })),
      `toSpec: the layer "a" (BioflaxDense) has a kernelRegularizer, which the compiled engine knows nothing of. ${eager}`,
    ],
    [
      "a frozen layer",
      () => chain(dense({ trainable: false })),
      `toSpec: the layer "a" (BioflaxDense) is not trainable, which the compiled engine knows nothing of. ${eager}`,
    ],
    [
      "a layer of another kind",
      () => chain(tf.layers.lstm({ units: 4, inputShape: [3, 4], name: "b" }), dense()),
      'toNetwork: the layer "b" is of another kind, LSTM. A network is made of layers that core has, each used once; train other models eagerly, with model.fit.',
    ],
    [
      "an activation",
      () => chain(dense(), tf.layers.activation({ activation: "selu", name: "b" })),
      'the layer "b" has the activation selu, which bioflax does not.',
    ],
    [
      "TensorFlow.js's dropout",
      () => chain(tf.layers.dropout({ rate: 0.5, inputShape: [4], name: "b" }), dense()),
      'the layer "b" is TensorFlow.js\'s Dropout, whose masks have no seed; use bioDropout, or convert the model.',
    ],
    [
      "normalisation of another axis",
      () =>
        chain(
          tf.layers.batchNormalization({ axis: 1, inputShape: [2, 2], name: "b" }),
          tf.layers.flatten(),
          dense(),
        ),
      'the layer "b" normalises the axis 1, and not the last.',
    ],
    [
      "an error that arrives elsewhere than in a network",
      () =>
        chain(
          bioConv2d({ rule: "dfa", filters: 1, kernelSize: 1, inputShape: [4, 4, 1], name: "b" }),
          bioMaxPooling2d({ name: "c" }),
          tf.layers.flatten(),
          denseDFAOutput({ units: 2 }),
        ),
      'the layer "b" takes its error at "b", and in a network it arrives at "c": put directFeedback() right after that one.',
    ],
  ])("%s", async (_name, make, text) => {
    await expect(toSpec(make())).rejects.toThrow(text);
  });
});

test("a spec with layers of TensorFlow.js's between: their settings are read", () => {
  const input = tf.input({ shape: [7, 5, 2] });
  const layers: tf.layers.Layer[] = [
    tf.layers.zeroPadding2d({
      padding: [
        [1, 0],
        [2, 1],
      ] as never,
    }),
    bioConv2d({ rule: "fa", filters: 4, kernelSize: 3 }),
    tf.layers.batchNormalization({ momentum: 0.5, epsilon: 0.01 }),
    tf.layers.reLU(),
    tf.layers.averagePooling2d({ poolSize: 2, strides: 1, padding: "same" }),
    tf.layers.maxPooling2d({ poolSize: [2, 3] }),
    tf.layers.leakyReLU({ alpha: 0.01 }),
    tf.layers.reshape({ targetShape: [6, 4] }),
    tf.layers.softmax({ axis: -1 }),
    tf.layers.flatten(),
  ];
  const output = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  const { spec } = toNetwork(tf.model({ inputs: input, outputs: output }));
  const expected: NetworkSpec["layers"] = [
    {
      type: "zeroPadding2d",
      padding: [
        [1, 0],
        [2, 1],
      ],
    },
    expect.objectContaining({ type: "conv2d", filters: 4, kernelSize: 3, rule: "fa" }) as never,
    { type: "batchNormalization", momentum: 0.5, epsilon: 0.01, center: true, scale: true },
    { type: "activation", activation: "relu" },
    { type: "averagePooling2d", poolSize: [2, 2], strides: [1, 1], padding: "same" },
    { type: "maxPooling2d", poolSize: [2, 3], strides: [2, 3], padding: "valid" },
    { type: "activation", activation: "leakyRelu" },
    { type: "reshape", targetShape: [6, 4] },
    { type: "activation", activation: "softmax" },
    { type: "flatten" },
  ];
  expect(spec.layers).toEqual(expected);
});
