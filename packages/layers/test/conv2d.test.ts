import { float64Tensor, type RuleName, referenceOps, rules, type Window2d } from "@bioflax/core";
import { relativeError, tensor } from "@bioflax/core/testing";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioConv2d,
  bioDense,
  bioMaxPooling2d,
  denseDFAOutput,
  loss,
  optimizer,
  type SequentialConv2d,
} from "../src/index";
import { savedAndLoaded, weightDifference } from "./artifacts";
import { BACKENDS } from "./backends";
import { rulesOfFit } from "./rules-of-fit";

const CLASSES = 3;
const labels = [2, 0, 1, 1];
const images = () => tf.randomNormal([4, 7, 6, 2], 0, 1, "float32", 3);

/** Two convolutions with pooling between and a dense layer, as one writes them with TensorFlow.js's own. */
function model(rule: RuleName) {
  const isDirect = rules.get(rule).route.source === "output";
  const mirroring = { batch: 4, rate: 0.1 };
  return tf.sequential({
    layers: [
      bioConv2d({
        rule,
        filters: 3,
        kernelSize: [3, 2],
        padding: "same",
        activation: "relu",
        kernelInitializer: "heNormal",
        inputShape: [7, 6, 2],
        mirroring,
        seed: 1,
      }),
      bioMaxPooling2d({ poolSize: 2 }),
      bioConv2d({ rule, filters: 4, kernelSize: 2, activation: "tanh", mirroring, seed: 2 }),
      tf.layers.flatten(),
      isDirect
        ? denseDFAOutput({ units: CLASSES, seed: 3 })
        : bioDense({ rule, units: CLASSES, mirroring, seed: 3 }),
    ],
  });
}

describe.each(BACKENDS)("%s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  describe.each(rulesOfFit)("%s", (rule) => {
    const target = () => tf.tidy(() => tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES));
    const compiled = (made: tf.LayersModel) => {
      const step = optimizer({ name: "sgd", learningRate: 0.05, momentum: 0.9 });
      made.compile({ optimizer: step, loss: loss("softmaxCrossEntropy") });
      return step;
    };
    const fit = (made: tf.LayersModel, epochs: number) =>
      made.fit(images(), target(), { epochs, batchSize: 2, shuffle: false, verbose: 0 });

    test("fits without leaking a tensor, and frees all with the model", async () => {
      const before = tf.memory().numTensors;
      const made = model(rule);
      const step = compiled(made);
      const [x, y] = [images(), target()];
      const settings = { batchSize: 2, shuffle: false, verbose: 0 } as const;
      await made.fit(x, y, { ...settings, epochs: 1 });
      const { numTensors, numBytes } = tf.memory();
      await made.fit(x, y, { ...settings, epochs: 3 });
      expect(tf.memory()).toMatchObject({ numTensors, numBytes });
      tf.dispose([x, y]);
      made.dispose();
      step.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    test("loads as it was saved, and trains on as if it had not been", async () => {
      const made = model(rule);
      compiled(made);
      await fit(made, 1);
      const loaded = await savedAndLoaded(made);
      expect(weightDifference(made, loaded)).toBe(0);
      for (const one of [made, loaded]) {
        compiled(one);
        await fit(one, 2);
      }
      expect(weightDifference(made, loaded)).toBe(0);
      expect(loaded.layers[0]!.getConfig()).toEqual(
        JSON.parse(JSON.stringify(made.layers[0]!.getConfig())),
      );
    });
  });

  test("alone under dfa its error arrives at its own output, whatever follows it", () => {
    const layer = bioConv2d({
      rule: "dfa",
      filters: 3,
      kernelSize: 3,
      activation: "sigmoid",
      inputShape: [7, 6, 2],
    });
    const output = denseDFAOutput({ units: CLASSES });
    const made = tf.sequential({
      layers: [layer, bioMaxPooling2d({ poolSize: 2 }), tf.layers.flatten(), output],
    });
    const { grads } = tf.variableGrads(
      () =>
        tf.mul(
          tf.sum(tf.square(made.apply(images(), { training: true }) as tf.Tensor)),
          0.5,
        ) as tf.Scalar,
    );
    const reference = (x: tf.Tensor) => float64Tensor(x.dataSync(), x.shape);
    const ops = referenceOps;
    const window: Window2d = {
      size: [3, 3],
      strides: [1, 1],
      dilations: [1, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
    };
    const y = reference(layer.apply(images()) as tf.Tensor);
    const e = reference(made.predict(images()) as tf.Tensor);
    const feedback = reference(layer.variables.feedback!.read());
    expect(feedback.shape).toEqual([5 * 4 * 3, CLASSES]);
    const sent = ops.reshape(ops.matMul(e, feedback, { transposeB: true }), y.shape);
    const error = ops.mul(sent, ops.mul(y, ops.sub(1, y)));
    const expected = ops.conv2dKernelGradient(reference(images()), error, window);
    const received = grads[layer.variables.kernel!.name]!;
    expect(
      relativeError(
        tensor(received.dataSync(), received.shape),
        tensor(expected.data, expected.shape),
      ),
    ).toBeLessThan(1e-5);
  });
});

test("it takes what tf.layers.conv2d takes, and computes the same", async () => {
  await tf.setBackend("wasm");
  const options = {
    filters: 4,
    kernelSize: [3, 2] as [number, number],
    padding: "same",
    dilationRate: [2, 1] as [number, number],
    activation: "elu",
    inputShape: [7, 6, 2] as number[],
    kernelInitializer: "randomNormal",
    biasInitializer: "ones",
    kernelRegularizer: "l1l2",
    biasConstraint: tf.constraints.nonNeg(),
    dataFormat: "channelsLast",
    trainable: false,
  } as const;
  const ours = bioConv2d({ rule: "fa", ...options });
  const theirs = tf.layers.conv2d(options as never);
  const [a, b] = [ours, theirs].map((layer) => tf.sequential({ layers: [layer] }));
  expect(a!.outputs[0]!.shape).toEqual(b!.outputs[0]!.shape);
  ours.variables.kernel!.write(theirs.getWeights()[0]!);
  const [received, expected] = [a, b].map((made) => made!.predict(images()) as tf.Tensor);
  expect(
    relativeError(
      tensor(received!.dataSync(), received!.shape),
      tensor(expected!.dataSync(), expected!.shape),
    ),
  ).toBeLessThan(1e-5);
  const { kernelRegularizer, biasConstraint, trainable, filters, kernelSize } = theirs.getConfig();
  expect(ours.getConfig()).toMatchObject({
    ...{ kernelRegularizer, biasConstraint, trainable, filters, kernelSize },
  });
  expect((ours as SequentialConv2d).spec).toMatchObject({ type: "conv2d", rule: "fa" });
});
