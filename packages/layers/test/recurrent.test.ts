import { createNetwork, initializeWeights, type NetworkSpec, type RuleName } from "@bioflax/core";
import { relativeError, tensor } from "@bioflax/core/testing";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { bioDense, bioLayer, denseDFAOutput, fromSpec, loss, optimizer } from "../src/index";

beforeAll(() => tf.setBackend("cpu"));

const [STEPS, INPUTS, UNITS] = [4, 3, 5];
const sequences = (count: number) =>
  tf.randomNormal([count, STEPS, INPUTS], 0, 1, "float32", 7) as tf.Tensor3D;

describe("under backpropagation, a recurrent layer is TensorFlow.js's own", () => {
  const kinds = [
    ["simpleRNN", 1, {}, () => tf.layers.simpleRNN({ units: UNITS, inputShape: [STEPS, INPUTS] })],
    [
      "gru",
      3,
      { resetAfter: false },
      () =>
        tf.layers.gru({
          units: UNITS,
          recurrentActivation: "sigmoid",
          inputShape: [STEPS, INPUTS],
        }),
    ],
  ] as const;

  test.each(kinds)("%s", (type, gates, options, makeOwn) => {
    const ours = bioLayer(type, {
      ...options,
      rule: "bp",
      units: UNITS,
      inputShape: [STEPS, INPUTS],
    });
    const theirs = makeOwn();
    const models = [ours, theirs].map((layer) => tf.sequential({ layers: [layer] }));
    const kernel = tf.randomNormal([INPUTS + UNITS, gates * UNITS], 0, 0.5, "float32", 1);
    const bias = tf.randomNormal([gates * UNITS], 0, 0.5, "float32", 2);
    const parts = tf.split(kernel, [INPUTS, UNITS]);
    ours.setWeights([kernel, bias]);
    theirs.setWeights([...parts, bias]);
    const x = sequences(6);
    const [received, expected] = models.map((model) => {
      const { value, grads } = tf.variableGrads(
        () => tf.sum(tf.square(model.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar,
      );
      const gradients = model.trainableWeights.map(({ name }) => grads[name] as tf.Tensor);
      return [value, ...gradients];
    }) as [tf.Tensor[], tf.Tensor[]];
    const [value, ofInput, ofState, ofBias] = expected as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    [value, tf.concat([ofInput, ofState]), ofBias].forEach((own, i) => {
      const got = received[i] as tf.Tensor;
      expect(
        relativeError(tensor(got.dataSync(), got.shape), tensor(own.dataSync(), own.shape)),
      ).toBeLessThan(2e-5);
    });
  });
});

describe.each<RuleName>(["bp", "fa", "kp", "brsf", "wm", "dfa", "drtp"])("fit under %s", (rule) => {
  const model = () =>
    tf.sequential({
      layers: [
        bioLayer("gru", {
          rule,
          units: 8,
          inputShape: [STEPS, INPUTS],
          name: "gru",
          returnSequences: true,
        }),
        bioLayer("simpleRNN", { rule, units: 8, name: "rnn" }),
        denseDFAOutput({ units: 2, name: "output" }),
      ],
    });

  test("learns, keeps no tensors, and is saved and loaded", async () => {
    const made = model();
    made.compile({
      optimizer: optimizer({ name: "adam", learningRate: 0.02 }),
      loss: loss("softmaxCrossEntropy"),
    });
    const x = sequences(32);
    const isLarge = tf.cast(
      tf.greater(tf.sum(tf.slice(x, [0, STEPS - 1, 0], [32, 1, INPUTS]), [1, 2]), 0),
      "float32",
    );
    const y = tf.stack([tf.sub(1, isLarge), isLarge], 1);
    await made.fit(x, y, { epochs: 1, batchSize: 32, verbose: 0 });
    const before = tf.memory().numTensors;
    const kernels = made.trainableWeights.filter(({ originalName }) =>
      originalName.endsWith("kernel"),
    );
    const started = kernels.map((kernel) => [...kernel.read().dataSync()]);
    const { history } = await made.fit(x, y, { epochs: 3, batchSize: 32, verbose: 0 });
    expect(tf.memory().numTensors).toBe(before);
    expect(history.loss?.every((value) => Number.isFinite(value))).toBe(true);
    expect(kernels).toHaveLength(3);
    kernels.forEach((kernel, i) => expect([...kernel.read().dataSync()]).not.toEqual(started[i]));
    let saved: tf.io.ModelArtifacts | undefined;
    await made.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved as tf.io.ModelArtifacts));
    const [received, expected] = [loaded, made].map((one) => [
      ...(one.predict(x) as tf.Tensor).dataSync(),
    ]);
    expect(received).toEqual(expected);
  });
});

test("feedback straight from the output comes to steps that a layer after them ends, one weight a unit, unless each is to have its own", () => {
  const shape = (feedbackProjection?: "dense" | "broadcast") => {
    const spec: NetworkSpec = {
      inputShape: [STEPS, INPUTS],
      rule: "dfa",
      layers: [
        {
          type: "simpleRNN",
          units: UNITS,
          returnSequences: true,
          ...(feedbackProjection && { feedbackProjection }),
        },
        { type: "activation", activation: "relu" },
        { type: "flatten" },
        { type: "dense", units: 2 },
      ],
    };
    const network = createNetwork(spec);
    const model = fromSpec(spec, initializeWeights(network, 0));
    const [own] = network.parameters.filter(({ role }) => role === "feedback");
    const variables = model.weights.filter(({ originalName }) => originalName.endsWith("feedback"));
    expect(variables.map((variable) => variable.shape)).toEqual([own!.shape]);
    return own!.shape;
  };
  expect(shape()).toEqual([UNITS, 2]);
  expect(shape("dense")).toEqual([STEPS * UNITS, 2]);
});

test.each([
  ["masking", () => tf.layers.masking({ maskValue: 0, inputShape: [3, 6] })],
  [
    "an embedding with maskZero",
    () => tf.layers.embedding({ inputDim: 4, outputDim: 6, maskZero: true, inputLength: 3 }),
  ],
])("steps that %s leaves out are no layer's that goes by all of them", (_name, masks) => {
  const input = (first: tf.layers.Layer) =>
    first.getClassName() === "Masking" ? tf.ones([2, 3, 6]) : tf.ones([2, 3]);
  for (const layer of [
    bioLayer("gru", { rule: "fa", units: 2 }),
    bioLayer("simpleRNN", { rule: "dfa", units: 2, returnSequences: true }),
    bioLayer("attention", { heads: 2 }),
  ]) {
    const first = masks();
    const model = tf.sequential({ layers: [first, layer] });
    expect(() => model.predict(input(first))).toThrow(
      "expected an input all of whose steps count, received one with a mask",
    );
  }
  // A layer of each step hands the mask on to those of TensorFlow.js that know what to do with it.
  const first = masks();
  const passing = tf.sequential({
    layers: [first, bioDense({ rule: "fa", units: 2 }), tf.layers.gru({ units: 2 })],
  });
  expect((passing.predict(input(first)) as tf.Tensor).shape).toEqual([2, 2]);
});
