import { initializeWeights, type RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { convert, fromSpec, loss, toLayersModel, toNetwork, toSpec } from "../src/index";
import { savedAndLoaded } from "./artifacts";
import "./backends";

beforeAll(async () => {
  await tf.setBackend("wasm");
});

const valuesOf = (x: tf.Tensor | tf.Tensor[]) => [...(x as tf.Tensor).dataSync()];

/** Every layer that a rule teaches or that takes part, with an example that it takes. */
const cases: readonly (readonly [string, readonly number[], () => tf.layers.Layer])[] = [
  ["conv1d", [7, 2], () => tf.layers.conv1d({ filters: 3, kernelSize: 3, activation: "relu6" })],
  [
    "conv1d, same, by strides",
    [7, 2],
    () => tf.layers.conv1d({ filters: 2, kernelSize: 2, strides: 2, padding: "same" }),
  ],
  [
    "depthwiseConv2d",
    [6, 5, 2],
    () =>
      tf.layers.depthwiseConv2d({
        ...{ kernelSize: 3, depthMultiplier: 2, strides: 2, padding: "same" },
        ...{ depthwiseRegularizer: "l1l2", biasInitializer: "ones" },
      } as never),
  ],
  [
    "separableConv2d",
    [6, 5, 2],
    () =>
      tf.layers.separableConv2d({
        ...{ filters: 3, kernelSize: [3, 2], depthMultiplier: 2, padding: "same" },
        // Weights are held to a constraint when they are loaded, so they have to keep it from the start. TensorFlow.js 4.22 takes
        // this initializer for both kernels.
        ...{ depthwiseInitializer: "ones", pointwiseConstraint: "nonNeg" },
        ...{ activation: "tanh", biasInitializer: "ones" },
      } as never),
  ],
  [
    "separableConv2d without bias, its activation another layer's",
    [6, 5, 2],
    () =>
      tf.layers.separableConv2d({
        ...{ filters: 3, kernelSize: 2, useBias: false, activation: "selu", name: "separable" },
      }),
  ],
  [
    "conv1d, dilated",
    [7, 2],
    () => tf.layers.conv1d({ filters: 2, kernelSize: 2, dilationRate: 2, padding: "same" }),
  ],
  [
    "conv2dTranspose",
    [3, 4, 2],
    () => tf.layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same" }),
  ],
  ["prelu", [4, 3, 2], () => tf.layers.prelu({ sharedAxes: [1, 2], alphaInitializer: "ones" })],
  ["layerNormalization", [4, 3], () => tf.layers.layerNormalization({ epsilon: 0.01 })],
  ["leakyReLU", [4, 3], () => tf.layers.leakyReLU({ alpha: 0.2 })],
  ["reLU up to 6", [4, 3], () => tf.layers.reLU({ maxValue: 6 })],
];

/** The layer between others, with a dense one at the end, and its input beside it where that is two vectors. */
function modelWith(shape: readonly number[], layer: tf.layers.Layer): tf.LayersModel {
  const input = tf.input({ shape: [...shape] });
  const size = shape.reduce((a, b) => a * b, 1);
  const flat = tf.layers.flatten().apply(input) as tf.SymbolicTensor;
  const below = tf.layers
    .dense({ units: size, activation: "tanh", name: "below" })
    .apply(flat) as tf.SymbolicTensor;
  const shaped = tf.layers.reshape({ targetShape: [...shape] }).apply(below) as tf.SymbolicTensor;
  const seen = tf.layers.flatten().apply(layer.apply(shaped) as tf.SymbolicTensor);
  const both = tf.layers.concatenate().apply([seen as tf.SymbolicTensor, flat]);
  const output = tf.layers.dense({ units: 2, name: "output" }).apply(both) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output });
}

describe.each(cases.map(([name, shape, make]) => [name, shape, make] as const))(
  "%s",
  (_name, shape, make) => {
    const x = () => tf.randomNormal([3, ...shape], 0, 1, "float32", 1);

    test.each<RuleName>(["bp", "fa", "usf", "pfa", "wm", "dfa"])(
      "%s: predicts as before, learns in fit, and is TensorFlow.js's again",
      async (rule) => {
        const plain = modelWith(shape, make());
        const { model, report } = convert(plain, { rule });
        expect(report.some(({ action }) => action === "left")).toBe(false);
        const expected = valuesOf(plain.predict(x()) as tf.Tensor);
        valuesOf(model.predict(x()) as tf.Tensor).forEach((y, i) =>
          expect(y).toBeCloseTo(expected[i]!, 4),
        );
        const back = toLayersModel(model);
        valuesOf(back.predict(x()) as tf.Tensor).forEach((y, i) =>
          expect(y).toBeCloseTo(expected[i]!, 4),
        );
        expect(back.layers.some((layer) => layer.getClassName().startsWith("Bioflax"))).toBe(false);

        const loaded = await savedAndLoaded(model);
        valuesOf(loaded.predict(x()) as tf.Tensor).forEach((y, i) =>
          expect(y).toBeCloseTo(expected[i]!, 4),
        );

        const before = model.trainableWeights.map((weight) => valuesOf(weight.read()));
        model.compile({ optimizer: "sgd", loss: loss("meanSquaredError") });
        await model.fit(x(), tf.ones([3, 2]), { verbose: 0, epochs: 2 });
        model.trainableWeights.forEach((weight, i) => {
          // After a layer that changes the number of axes no error straight from the output arrives.
          const isReached = rule !== "dfa" || !/alpha|gamma|beta/.test(weight.name);
          if (isReached) expect(valuesOf(weight.read())).not.toEqual(before[i]);
          for (const value of valuesOf(weight.read())) expect(Number.isFinite(value)).toBe(true);
        });
      },
    );

    test.each<RuleName>(["fa", "dfa"])("%s: is a network's, a model again", async (rule) => {
      const plain = modelWith(shape, make());
      const { model, report } = convert(plain, { rule });
      if (report.some(({ why }) => why.includes("selu"))) return;
      const isPenalized = model.layers.some((layer) =>
        Object.entries(layer.getConfig()).some(
          ([key, value]) => /(Regularizer|Constraint)$/.test(key) && value != null,
        ),
      );
      if (isPenalized) {
        expect(Object.keys(initializeWeights(toNetwork(model), 0)).length).toBeGreaterThan(3);
        return;
      }
      const { spec, weights } = await toSpec(model);
      const again = fromSpec(spec, weights);
      const expected = valuesOf(plain.predict(x()) as tf.Tensor);
      valuesOf(again.predict(x()) as tf.Tensor).forEach((y, i) =>
        expect(y).toBeCloseTo(expected[i]!, 4),
      );
    });
  },
);

test("what TensorFlow.js cannot train on wasm the report says", () => {
  const input = tf.input({ shape: [6] });
  const layers = [
    tf.layers.embedding({ inputDim: 5, outputDim: 4, maskZero: true, name: "words" }),
    tf.layers.reshape({ targetShape: [6, 2, 2] }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 2 }),
  ];
  const output = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  const { report } = convert(tf.model({ inputs: input, outputs: output }), { rule: "fa" });
  expect(report.find(({ layer }) => layer === "words")).toMatchObject({
    action: "left",
    why: expect.stringMatching(
      /^its maskZero .*; fit stops here on the backend "wasm", where TensorFlow.js has no kernel UnsortedSegmentSum for its gradient$/,
    ),
  });
});

test("what has no gradient anywhere, too", () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2] }),
      tf.layers.thresholdedReLU({ name: "step" }),
    ],
  });
  expect(convert(model, { rule: "fa" }).report.at(-1)?.why).toBe(
    "it has no weights; fit stops here, because TensorFlow.js has no gradient of Greater",
  );
});

test("a separable convolution is dilated under a rule as before, and has no way back", () => {
  const model = tf.sequential({
    layers: [
      tf.layers.separableConv2d({
        ...{ filters: 2, kernelSize: 2, dilationRate: 2, inputShape: [5, 6, 2] },
        name: "dilated",
      } as never),
    ],
  });
  const x = tf.randomNormal([2, 5, 6, 2], 0, 1, "float32", 3);
  const expected = valuesOf(model.predict(x) as tf.Tensor);
  const { model: converted } = convert(model, { rule: "fa" });
  valuesOf(converted.predict(x) as tf.Tensor).forEach((y, i) =>
    expect(y).toBeCloseTo(expected[i]!, 4),
  );
  expect(() => toLayersModel(converted)).toThrow(
    'TensorFlow.js\'s layer does not dilate, whatever its dilationRate, received 2,2 of the layer "dilated_depthwise".',
  );
});

test("a depthwise convolution with a dilation stays as TensorFlow.js computes it: without", () => {
  const layer = tf.layers.depthwiseConv2d({
    ...{ kernelSize: 3, dilationRate: 2, padding: "same", inputShape: [5, 6, 2] },
    name: "dilated",
  });
  const model = tf.sequential({
    layers: [layer, tf.layers.flatten(), tf.layers.dense({ units: 2 })],
  });
  const x = tf.randomNormal([2, 5, 6, 2], 0, 1, "float32", 3);
  const before = valuesOf(model.predict(x) as tf.Tensor);
  const { model: converted, report } = convert(model, { rule: "fa" });
  expect(report.find(({ layer }) => layer === "dilated")).toMatchObject({ action: "left" });
  expect(valuesOf(converted.predict(x) as tf.Tensor)).toEqual(before);
});
