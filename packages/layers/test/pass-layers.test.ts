import { createNetwork, noiseName } from "@bioflax/core";
import { noiseOf } from "@bioflax/core/testing";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { bioBatchNormalization, bioDropout, bioMaxPooling2d, fromSpec } from "../src/index";
import { savedAndLoaded } from "./artifacts";
import { BACKENDS } from "./backends";

const values = (x: unknown) => [...(x as tf.Tensor).dataSync()];
const closeTo = (received: number[], expected: number[]) => {
  expect(received).toHaveLength(expected.length);
  received.forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 4));
};

describe.each(BACKENDS)("%s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  describe("bioDropout", () => {
    const spec = {
      inputShape: [5, 3],
      rule: "bp",
      layers: [{ type: "dropout", rate: 0.4 }],
    } as const;
    const network = createNetwork(spec);
    const masked = (model: tf.LayersModel, batch: number) =>
      values(model.apply(tf.ones([batch, 5, 3]), { training: true }));
    const expected = (seed: number, batch: number, step: number) => [
      ...noiseOf(network, seed, batch)(step)[noiseName("layers.0", 0)]!,
    ];

    test("masks are core's, step by step, for larger and smaller batches in turn", () => {
      const model = fromSpec(spec, undefined, { seed: 7 });
      const tensors = [2, 2, 6, 1, 4].map((batch, step) => {
        expect(tf.tidy(() => masked(model, batch))).toEqual(expected(7, batch, step));
        return tf.memory().numTensors;
      });
      // The table for smaller batches is gone.
      expect(new Set(tensors).size).toBe(1);
    });

    test("go on where they were when a model is saved and loaded", async () => {
      const model = fromSpec(spec, undefined, { seed: 7 });
      for (let step = 0; step < 3; step++) masked(model, 2);
      const loaded = await savedAndLoaded(model);
      expect(masked(loaded, 2)).toEqual(expected(7, 2, 3));
    });

    test("outside of training there are none, and errors cross it as they are", () => {
      const layer = bioDropout({ rate: 0.9 });
      const x = tf.randomNormal([2, 4], 0, 1, "float32", 1);
      expect(values(layer.apply(x))).toEqual(values(x));
      const gradient = tf.grad((input) => tf.sum(tf.square(layer.apply(input) as tf.Tensor)))(x);
      closeTo(values(gradient), values(tf.mul(x, 2)));
    });
  });

  describe("bioBatchNormalization", () => {
    const x = () => tf.randomNormal([4, 3, 2, 5], 1, 2, "float32", 1);

    test("is TensorFlow.js's, in training, in evaluation, in its moving statistics and in both gradients", () => {
      const options = { momentum: 0.7, epsilon: 0.01, betaInitializer: "ones" } as const;
      const ours = bioBatchNormalization({ ...options, inputShape: [3, 2, 5] });
      const theirs = tf.layers.batchNormalization({ ...options, inputShape: [3, 2, 5] });
      const [a, b] = [ours, theirs].map((layer) => tf.sequential({ layers: [layer] }));
      const scale = tf.randomNormal([5], 1, 0.3, "float32", 2);
      for (const layer of [ours, theirs]) layer.setWeights([scale, ...layer.getWeights().slice(1)]);
      for (const training of [true, false, true]) {
        const run = (model: tf.LayersModel) => {
          const output = model.apply(x(), { training }) as tf.Tensor;
          const lossOf = (input: tf.Tensor) =>
            tf.sum(tf.pow(model.apply(input, { training }) as tf.Tensor, 3)) as tf.Scalar;
          const { grads } = tf.variableGrads(() => lossOf(x()));
          const learnt = model.trainableWeights.flatMap(({ name }) => values(grads[name]!));
          return [values(output), learnt, values(tf.grad(lossOf)(x()))];
        };
        const [received, expected] = [run(a!), run(b!)];
        received.forEach((numbers, i) => {
          const largest = Math.max(...expected[i]!.map(Math.abs));
          closeTo(
            numbers.map((n) => n / largest),
            expected[i]!.map((n) => n / largest),
          );
        });
        ours
          .getWeights()
          .forEach((weight, i) => closeTo(values(weight), values(theirs.getWeights()[i]!)));
      }
    });

    test("learns without γ and without β, which TensorFlow.js's cannot", () => {
      for (const options of [
        { scale: false },
        { center: false },
        { scale: false, center: false },
      ]) {
        const layer = bioBatchNormalization({ ...options, inputShape: [5] });
        const model = tf.sequential({ layers: [layer] });
        expect(model.trainableWeights).toHaveLength(2 - Object.keys(options).length);
        const normal = tf.moments(
          model.apply(tf.randomNormal([9, 5], 3, 2, "float32", 1), { training: true }) as tf.Tensor,
          0,
        );
        closeTo(values(normal.mean), [0, 0, 0, 0, 0]);
        values(normal.variance).forEach((v) => expect(v).toBeCloseTo(1, 1));
      }
    });
  });

  test("bioMaxPooling2d: errors go to the first of equals, in evaluation too", () => {
    const layer = bioMaxPooling2d({ poolSize: 2, strides: 1, padding: "same" });
    for (const training of [true, false]) {
      const gradient = tf.grad((x) => tf.sum(layer.apply(x, { training }) as tf.Tensor))(
        tf.zeros([1, 2, 3, 1]),
      );
      expect(values(gradient)).toEqual([1, 1, 1, 1, 1, 1]);
    }
    const first = tf.grad((x) => tf.sum(bioMaxPooling2d().apply(x) as tf.Tensor));
    expect(values(first(tf.fill([1, 2, 2, 1], -3)))).toEqual([1, 0, 0, 0]);
  });
});

describe("what an error says", () => {
  beforeAll(() => tf.setBackend("cpu"));

  test.each<[string, () => unknown, string]>([
    [
      "a rate",
      () => bioDropout({ rate: 1, name: "a" }),
      'Layer "a": dropout: expected rate to be a number from 0 to below 1, received 1.',
    ],
    [
      "a window larger than the image",
      () => bioMaxPooling2d({ poolSize: 3, name: "a" }).apply(tf.input({ shape: [2, 4, 1] })),
      'Layer "a": maxPooling2d: expected an image of at least 3×3 for its window, received 2×4; use padding "same".',
    ],
    [
      "an unknown extent",
      () => bioMaxPooling2d({ name: "a" }).apply(tf.input({ shape: [4, 4, null] })),
      'Layer "a": expected an input whose last axis has a known extent, received [, 4, 4, ].',
    ],
    [
      "a dataFormat",
      () => bioMaxPooling2d({ name: "a", dataFormat: "channelsFirst" as never }),
      'Layer "a": expected dataFormat "channelsLast", images as [batch, height, width, channels], received "channelsFirst"; transpose them first, with tf.layers.permute({ dims: [2, 3, 1] }).',
    ],
    [
      "what only TensorFlow.js's batch normalisation takes",
      () => bioBatchNormalization({ name: "a", betaRegularizer: "l1l2" } as never),
      'Layer "a": betaRegularizer is not supported; use tf.layers.batchNormalization.',
    ],
    [
      "a momentum",
      () => bioBatchNormalization({ name: "a", momentum: 2 }),
      'Layer "a": batchNormalization: expected a momentum from 0 to 1',
    ],
  ])("%s", (_name, act, text) => {
    expect(act).toThrow(text);
  });
});
