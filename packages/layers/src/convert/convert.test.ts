import type { RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { savedAndLoaded, weightDifference } from "../../test/artifacts";
import { BACKENDS } from "../../test/backends";
import { branchedModel } from "../../test/convert-models";
import { coreTraining } from "../../test/core-training";
import { convert, loss, optimizer, readWeights } from "../index";

const labels = [2, 0, 1, 1];
const sgd = { name: "sgd", learningRate: 0.1, momentum: 0.9 } as const;

const images = (seed = 3) => tf.randomNormal([4, 8, 6, 2], 0, 1, "float32", seed);
const valuesOf = (x: unknown) => (x as tf.Tensor).dataSync();
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!)));

/** A model with none of its weights as it started. */
function learnt(model: tf.LayersModel): tf.LayersModel {
  const seeded = model
    .getWeights()
    .map(({ shape }, i) => tf.randomUniform(shape, 0.1, 0.4, "float32", i));
  model.setWeights(model.getWeights().map((weight, i) => tf.add(tf.mul(weight, 0.5), seeded[i]!)));
  return model;
}

/** What takes steps of a model by one optimizer, and tells the loss. */
function stepper(model: tf.LayersModel) {
  const step = optimizer(sgd);
  const lossOf = loss("softmaxCrossEntropy");
  return (x: tf.Tensor) => {
    const { value, grads } = tf.variableGrads(() =>
      lossOf(tf.tensor1d(labels, "int32"), model.apply(x, { training: true }) as tf.Tensor),
    );
    step.applyGradients(grads);
    const [told] = value.dataSync();
    tf.dispose([value, grads]);
    return told!;
  };
}

describe.each(BACKENDS)(
  "%s: a model of TensorFlow.js's own layers, saved and loaded",
  (backend) => {
    beforeAll(async () => {
      await tf.setBackend(backend);
    });

    test.each<[RuleName, object]>([
      ["bp", {}],
      ["fa", {}],
      ["dfa", {}],
      ["dfa", { feedbackProjection: "broadcast" }],
      ["frsf", {}],
      ["dkp", {}],
      ["drtp", {}],
      ["wm", { mirroring: { batch: 2, rate: 0.05 } }],
    ])(
      "%s %j: it learns as core's definitions say, and is saved and loaded",
      async (rule, more) => {
        const plain = await savedAndLoaded(learnt(branchedModel()));
        const { model } = convert(plain, { rule, ...more, seed: 5 });
        const predictions = [model, plain].map((of) => valuesOf(of.predict(images())));
        expect(distance(predictions[0]!, predictions[1]!)).toBeLessThan(1e-5);

        const core = await coreTraining(model, "softmaxCrossEntropy", sgd);
        const step = stepper(model);
        const batches = [1, 2, 3].map(images);
        for (const x of batches) {
          const expected = core.step(x, labels);
          expect(Math.abs(step(x) / expected - 1)).toBeLessThan(1e-4);
        }
        const weights = await readWeights(model);
        const wrong = Object.entries(core.weights()).filter(
          ([name, { data }]) => !(distance(weights[name]!, data) < 1e-4),
        );
        expect(wrong.map(([name]) => name)).toEqual([]);

        const loaded = await savedAndLoaded(model);
        expect(weightDifference(model, loaded)).toBe(0);
        const [goesOn, again] = [stepper(model), stepper(loaded)];
        for (const x of batches) expect(again(x)).toBe(goesOn(x));
      },
    );

    test.each<RuleName>(["fa", "dfa"])(
      "%s: ends in softmax, as TensorFlow.js's categoricalCrossentropy has it",
      (rule) => {
        const target = tf.oneHot(tf.tensor1d(labels, "int32"), 3).toFloat();
        const gradients = (
          last: "softmax" | "linear",
          lossOf: (target: tf.Tensor, output: tf.Tensor) => tf.Tensor,
        ) => {
          const { model } = convert(branchedModel({ last, rate: 0 }), { rule });
          const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
          const { grads } = tf.variableGrads(() => {
            const output = model.apply(images(), { training: true }) as tf.Tensor;
            return tf.mean(lossOf(target, output)) as tf.Scalar;
          }, variables);
          return variables.map(({ name }) => grads[name]!.dataSync());
        };
        const expected = gradients("linear", loss("softmaxCrossEntropy"));
        gradients("softmax", tf.metrics.categoricalCrossentropy).forEach((gradient, i) =>
          expect(distance(gradient, expected[i]!)).toBeLessThan(1e-5),
        );
      },
    );

    test("the number of tensors stays from step to step", async () => {
      const { model } = convert(branchedModel(), { rule: "dkp" });
      const step = stepper(model);
      const x = images();
      step(x);
      const { numTensors, numBytes } = tf.memory();
      for (let again = 0; again < 5; again++) step(x);
      expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    });
  },
);

test("under bp the gradients are TensorFlow.js's own, where it has them", async () => {
  await tf.setBackend("cpu");
  const plain = branchedModel({ last: "softmax", rate: 0, padding: "valid" });
  const { model } = convert(plain, { rule: "bp" });
  const target = tf.oneHot(tf.tensor1d(labels, "int32"), 3).toFloat();
  const gradients = (of: tf.LayersModel) => {
    const variables = of.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const lossOf = () => {
      const output = of.apply(images(), { training: true }) as tf.Tensor;
      return tf.metrics.categoricalCrossentropy(target, output).sum() as tf.Scalar;
    };
    const { grads } = tf.variableGrads(lossOf, variables);
    return variables.map(({ name }) => grads[name]!.dataSync());
  };
  const [ours, theirs] = [gradients(model), gradients(plain)];
  expect(ours).toHaveLength(theirs.length);
  ours.forEach((gradient, i) => expect(distance(gradient, theirs[i]!)).toBeLessThan(1e-4));
});
