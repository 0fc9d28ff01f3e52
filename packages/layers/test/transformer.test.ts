import { getModel, type RuleName, rules } from "@bioflax/core";
import { relativeError, tensor } from "@bioflax/core/testing";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioAttention,
  bioConv1d,
  bioCropping1d,
  bioEmbedding,
  bioPositionEmbedding,
  convert,
  denseDFAOutput,
  directFeedback,
  fromSpec,
  loss,
  optimizer,
  toLayersModel,
  toSpec,
} from "../src/index";
import { savedAndLoaded } from "./artifacts";

beforeAll(() => tf.setBackend("cpu"));

const [STEPS, SYMBOLS, UNITS] = [4, 5, 8];
const valuesOf = (x: tf.Tensor | tf.Tensor[]) => [...(x as tf.Tensor).dataSync()];
const symbols = (count: number) =>
  tf.tensor2d(
    Array.from({ length: count }, (_, n) =>
      Array.from({ length: STEPS }, (_, t) => (3 * n + 2 * t * t) % SYMBOLS),
    ),
  );

test("errors cross attention as TensorFlow.js's own derivative of it has them", () => {
  const [heads, size] = [2, 3];
  const units = heads * size;
  const x = tf.randomNormal([2, STEPS, 3 * units], 0, 1, "float32", 3) as tf.Tensor3D;
  const weighting = tf.randomNormal([2, STEPS, units], 0, 1, "float32", 4);
  const part = (y: tf.Tensor3D, which: number, head: number) =>
    tf.slice(y, [0, 0, which * units + head * size], [2, STEPS, size]);
  const seen = tf.linalg.bandPart(tf.ones([STEPS, STEPS]), -1, 0);
  for (const causal of [false, true]) {
    const own = (y: tf.Tensor3D) =>
      tf.concat(
        [...Array(heads).keys()].map((head) => {
          const scores = tf.div(
            tf.matMul(part(y, 0, head), part(y, 1, head), false, true),
            Math.sqrt(size),
          );
          const masked = causal ? tf.add(scores, tf.mul(tf.sub(seen, 1), 1e9)) : scores;
          return tf.matMul(tf.softmax(masked), part(y, 2, head));
        }),
        2,
      );
    const layer = bioAttention({ heads, causal, inputShape: [STEPS, 3 * units] });
    const ours = (y: tf.Tensor3D) => layer.apply(y) as tf.Tensor;
    const both = [own, ours].map((attend) => [
      attend(x),
      tf.grad((y: tf.Tensor) => tf.sum(tf.mul(attend(y as tf.Tensor3D), weighting)))(x),
    ]);
    const [[y, error], [received, found]] = both as [
      [tf.Tensor, tf.Tensor],
      [tf.Tensor, tf.Tensor],
    ];
    for (const [expected, given] of [
      [y, received],
      [error, found],
    ] as const)
      expect(
        relativeError(
          tensor(given.dataSync(), given.shape),
          tensor(expected.dataSync(), expected.shape),
        ),
      ).toBeLessThan(1e-5);
  }
});

describe.each<RuleName>(["bp", "fa", "kp", "brsf", "wm", "pfa", "dfa", "dkp", "drtp"])(
  "fit under %s",
  (rule) => {
    const model = () => {
      const input = tf.input({ shape: [STEPS] });
      const apply = (layer: tf.layers.Layer, ...to: tf.SymbolicTensor[]) =>
        layer.apply(to.length === 1 ? (to[0] as tf.SymbolicTensor) : to) as tf.SymbolicTensor;
      const isDirect = rules.get(rule).route.source === "output";
      const arriving = () => (isDirect ? [directFeedback({ rule: rule as "dfa" })] : []);
      const embedded = [
        bioEmbedding({ rule, inputDim: SYMBOLS, outputDim: UNITS, name: "symbols" }),
        bioPositionEmbedding({ name: "positions" }),
        ...arriving(),
      ].reduce((x, layer) => apply(layer, x), input);
      const attended = [
        bioConv1d({ rule, filters: 3 * UNITS, kernelSize: 1, name: "projection" }),
        bioAttention({ heads: 2, causal: true, name: "attention" }),
        ...arriving(),
        bioConv1d({ rule, filters: UNITS, kernelSize: 1, name: "heads" }),
      ].reduce((x, layer) => apply(layer, x), embedded);
      const both = apply(tf.layers.add(), attended, embedded);
      const output = [
        bioCropping1d({ cropping: [STEPS - 1, 0] }),
        tf.layers.flatten(),
        denseDFAOutput({ units: 2, name: "output" }),
      ].reduce((x, layer) => apply(layer, x), both);
      return tf.model({ inputs: input, outputs: output });
    };

    test("learns, keeps no tensors, and is saved and loaded", async () => {
      const made = model();
      made.compile({
        optimizer: optimizer({ name: "adam", learningRate: 0.02 }),
        loss: loss("softmaxCrossEntropy"),
      });
      const x = symbols(20);
      const isOdd = tf.cast(
        tf.equal(tf.mod(tf.slice(x, [0, STEPS - 1], [20, 1]), 2), 1),
        "float32",
      );
      const y = tf.concat([tf.sub(1, isOdd), isOdd], 1);
      await made.fit(x, y, { epochs: 1, batchSize: 20, verbose: 0 });
      const before = tf.memory().numTensors;
      const learning = made.trainableWeights.filter(({ originalName }) =>
        /(kernel|positions)$/.test(originalName),
      );
      const started = learning.map((weight) => valuesOf(weight.read()));
      const { history } = await made.fit(x, y, { epochs: 3, batchSize: 20, verbose: 0 });
      expect(tf.memory().numTensors).toBe(before);
      expect(history.loss?.every((value) => Number.isFinite(value))).toBe(true);
      expect(learning).toHaveLength(5);
      learning.forEach((weight, i) => expect(valuesOf(weight.read())).not.toEqual(started[i]));
      const loaded = await savedAndLoaded(made);
      expect(valuesOf(loaded.predict(x))).toEqual(valuesOf(made.predict(x)));
      const { spec, weights } = await toSpec(made);
      expect(valuesOf(fromSpec(spec, weights).predict(x) as tf.Tensor)).toEqual(
        valuesOf(made.predict(x)),
      );
    });
  },
);

test("the model transformer is one of TensorFlow.js, and learns there", async () => {
  const spec = getModel("transformer").create({
    ...{ inputShape: [STEPS], symbols: SYMBOLS, outputs: 2, rule: "dfa" },
    ...{ blocks: 1, heads: 2, headUnits: 4, feedForwardUnits: 8 },
  });
  const model = fromSpec(spec, undefined, { seed: 1 });
  model.compile({
    optimizer: optimizer({ name: "adam", learningRate: 0.01 }),
    loss: loss("softmaxCrossEntropy"),
  });
  const x = symbols(10);
  const y = tf.oneHot(tf.tensor1d([0, 1, 0, 1, 0, 1, 0, 1, 0, 1], "int32"), 2).toFloat();
  const { history } = await model.fit(x, y, { epochs: 20, verbose: 0 });
  const losses = history.loss as number[];
  expect(losses.at(-1)).toBeLessThan(losses[0] as number);
});

describe("an embedding", () => {
  const plain = (options: object = {}) =>
    tf.sequential({
      layers: [
        tf.layers.embedding({
          inputDim: SYMBOLS,
          outputDim: 3,
          inputLength: STEPS,
          embeddingsInitializer: "glorotNormal",
          name: "symbols",
          ...options,
        }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 2 }),
      ],
    });

  test.each<RuleName>(["bp", "fa", "usf", "wm", "dfa"])(
    "of TensorFlow.js's learns by %s, and is its own again",
    async (rule) => {
      const given = plain({ embeddingsRegularizer: "l1l2", embeddingsConstraint: "maxNorm" });
      const { model, report } = convert(given, { rule });
      expect(report[0]).toMatchObject({ layer: "symbols", action: "converted", rule });
      const x = symbols(6);
      const expected = valuesOf(given.predict(x));
      expect(valuesOf(model.predict(x))).toEqual(expected);
      const back = toLayersModel(model);
      expect(valuesOf(back.predict(x))).toEqual(expected);
      const config = back.layers[0]?.getConfig();
      expect(config).toMatchObject({ inputDim: SYMBOLS, outputDim: 3 });
      expect(config?.embeddingsRegularizer).toEqual(
        given.layers[0]?.getConfig().embeddingsRegularizer,
      );
      const kernel = () => valuesOf(model.layers[0]?.weights[0]?.read() as tf.Tensor);
      const before = kernel();
      model.compile({ optimizer: "sgd", loss: loss("meanSquaredError") });
      await model.fit(x, tf.ones([6, 2]), { verbose: 0 });
      expect(kernel()).not.toEqual(before);
    },
  );

  test("under backpropagation learns as TensorFlow.js's own does", () => {
    const given = plain();
    const { model } = convert(given, { rule: "bp" });
    const x = symbols(6);
    const [expected, received] = [given, model].map((one) => {
      const { grads } = tf.variableGrads(
        () => tf.sum(tf.square(one.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar,
      );
      return valuesOf(grads[one.layers[0]?.weights[0]?.name as string] as tf.Tensor);
    });
    received?.forEach((g, i) => expect(g).toBeCloseTo(expected?.[i] as number, 4));
  });

  test("with a mask stays as it is", () => {
    const { report } = convert(plain({ maskZero: true }), { rule: "bp" });
    expect(report[0]).toMatchObject({
      layer: "symbols",
      action: "left",
      why: "its maskZero has the symbol 0 left out by the layers above it, and a layer under a rule would not",
    });
  });

  test("of tables of symbols, or of sequences of several lengths, stays as it is", () => {
    const options = { inputDim: SYMBOLS, outputDim: 3, name: "symbols" };
    const ofTables = tf.sequential({
      layers: [tf.layers.embedding({ ...options, inputShape: [STEPS, 2] })],
    });
    const inputs = [4, 6].map((steps) => tf.input({ shape: [steps] }));
    const shared = (layer: tf.layers.Layer, given: tf.SymbolicTensor[]) =>
      given.map((input) => layer.apply(input) as tf.SymbolicTensor);
    const embedded = shared(tf.layers.embedding(options), inputs);
    const conv = tf.layers.conv1d({ filters: 2, kernelSize: 1, name: "steps" });
    const ofLengths = tf.model({ inputs, outputs: shared(conv, embedded) });
    const leftOf = (model: tf.LayersModel, name: string) =>
      convert(model, { rule: "fa" }).report.find(({ layer }) => layer === name);
    expect(leftOf(ofTables, "symbols")).toMatchObject({
      action: "left",
      why: "its examples have more axes than one of steps, and those of a layer under a rule do not",
    });
    for (const name of ["symbols", "steps"])
      expect(leftOf(ofLengths, name)).toMatchObject({
        action: "left",
        why: "it is used on inputs of several shapes, and a layer under a rule has one",
      });
  });

  test("with an activation becomes two layers of TensorFlow.js's, and one with a bias none", () => {
    const model = (options: object) =>
      tf.sequential({
        layers: [
          bioEmbedding({
            ...{
              rule: "fa",
              inputDim: SYMBOLS,
              outputDim: 3,
              inputShape: [STEPS],
              name: "symbols",
            },
            ...options,
          }),
        ],
      });
    const ours = model({ activation: "tanh" });
    const theirs = toLayersModel(ours);
    expect(theirs.layers.map((layer) => layer.getClassName())).toEqual(["Embedding", "Activation"]);
    expect(valuesOf(theirs.predict(symbols(2)))).toEqual(valuesOf(ours.predict(symbols(2))));
    expect(() => toLayersModel(model({ useBias: true }))).toThrow(
      'toLayersModel: expected embeddings without a bias, which TensorFlow.js has no others than, received "symbols", which has one.',
    );
  });

  test("takes sequences of any length where nothing depends on it", () => {
    const layer = bioEmbedding({
      rule: "fa",
      inputDim: SYMBOLS,
      outputDim: 3,
      batchInputShape: [null, null],
    });
    const model = tf.sequential({ layers: [layer] });
    expect(model.outputShape).toEqual([null, null, 3]);
    for (const steps of [2, 5])
      expect((model.predict(tf.zeros([1, steps])) as tf.Tensor).shape).toEqual([1, steps, 3]);
  });

  test("refuses numbers that are no symbol's", () => {
    const layer = bioEmbedding({
      ...{ rule: "fa", inputDim: 3, outputDim: 2, inputShape: [2], name: "symbols" },
    });
    const model = tf.sequential({ layers: [layer] });
    for (const [wrong, shown] of [
      [3, "3"],
      [-1, "-1"],
      [0.5, "0.5"],
    ] as const)
      expect(() =>
        model.predict(
          tf.tensor2d([
            [0, 1],
            [wrong, 2],
          ]),
        ),
      ).toThrow(
        `Layer "symbols": embedding: expected numbers of symbols, whole ones from 0 to 2, received ${shown} in example 1.`,
      );
  });
});

test("attention that any heads divide, and croppings of any size, are made before their input is known", () => {
  expect(() => bioAttention({ heads: 7 })).not.toThrow();
  expect(() => bioCropping1d({ cropping: [30, 0] })).not.toThrow();
  expect(() => bioAttention({ heads: 0.5 })).toThrow(
    "expected heads to be a positive whole number",
  );
  expect(() =>
    bioAttention({ heads: 2, inputShape: [STEPS, 9] }).apply(tf.zeros([1, STEPS, 9])),
  ).toThrow("expected heads to divide the 3 units of a query evenly");
  expect(() => bioPositionEmbedding().apply(tf.input({ shape: [null, 3] }))).toThrow(
    "it has weights of its input's extents",
  );
});
