import { createNetwork, type OptimizerSpec } from "@bioflax/core";
import {
  chosen,
  type PlainBatch,
  plainTrain,
  relativeError,
  rulesAndLosses,
  type TrainingCase,
  tensor,
  trainingCase,
  trainingCases,
} from "@bioflax/core/testing";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { bioNetwork, fromSpec, loss, optimizer, readWeights } from "../src/index";
import { BACKENDS } from "./backends";
import { matrix } from "./matrices";
import { oneStep } from "./one-step";
import { rulesOfFit } from "./rules-of-fit";

beforeAll(() => tf.setBackend("wasm"));

const STEPS = 8;
const cases = chosen(trainingCases({ steps: STEPS }), 20).map((given) => ({
  given,
  expected: plainTrain(given, given.weights, given.batches),
}));

/** A batch as tensors. */
function tensorsOf({ input, labels, values, weights }: PlainBatch) {
  return [
    tf.tensor2d(input),
    values === undefined ? tf.tensor1d(labels!, "int32") : tf.tensor2d(values),
    weights && tf.tensor1d(weights),
  ] as const;
}

/** Expects a model to have, after the case's steps, the weights of the plain loops. */
async function expectWeights(
  model: tf.LayersModel,
  { spec }: TrainingCase,
  expected: ReturnType<typeof plainTrain>,
) {
  const weights = await readWeights(model);
  for (const { name, shape } of createNetwork(spec).parameters) {
    const plain = tensor((expected.weights[name] as number[][]).flat(), shape);
    expect(relativeError(tensor(weights[name]!, shape), plain)).toBeLessThan(2e-5);
  }
}

describe.each(BACKENDS)("%s: eight steps of a model are the plain loops'", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  test.each(cases.map(({ given, expected }) => [given.name, given, expected] as const))(
    "%s",
    async (_name, given, expected) => {
      const model = fromSpec(given.spec, given.weights, { seed: given.seed });
      const stepper = optimizer(given.optimizer);
      const received = given.batches.map((batch) =>
        oneStep(model, given, stepper, tensorsOf(batch)),
      );
      expect(
        relativeError(tensor(received, [STEPS]), tensor(expected.losses, [STEPS])),
      ).toBeLessThan(2e-5);
      await expectWeights(model, given, expected);
      model.dispose();
      stepper.dispose();
    },
  );
});

describe("model.fit is the same training", () => {
  const adam = { name: "adam", learningRate: 0.01, epsilon: 1e-3 } as const;
  const optimizers: [string, OptimizerSpec, (spec: OptimizerSpec) => tf.Optimizer][] = [
    ["bioflax's adam", { ...adam, weightDecay: 0.001 }, optimizer],
    ["TensorFlow.js's sgd", { name: "sgd", learningRate: 0.1 }, () => tf.train.sgd(0.1)],
    ["TensorFlow.js's adam", adam, () => tf.train.adam(0.01, 0.9, 0.999, 1e-3)],
  ];

  describe.each(optimizers)("%s", (_name, spec, make) => {
    const fitted = rulesAndLosses.filter(
      ([rule, name]) =>
        rulesOfFit.includes(rule) &&
        (spec.weightDecay !== undefined || name === "softmaxCrossEntropy"),
    );
    test.each(fitted)("%s, %s", async (rule, lossName) => {
      const given = trainingCase({ rule, loss: lossName, optimizer: spec, steps: STEPS });
      const expected = plainTrain(given, given.weights, given.batches);
      const model = fromSpec(given.spec, given.weights, { seed: given.seed });
      model.compile({ optimizer: make(spec), loss: loss(given.loss) });
      const batches = given.batches.map(tensorsOf);
      const x = tf.concat(batches.map(([input]) => input));
      const targets = tf.concat(batches.map(([, target]) => target as tf.Tensor));
      // `fit` wants targets of the output's shape.
      const y = targets.rank === 1 ? tf.oneHot(targets as tf.Tensor1D, 4) : targets;
      await model.fit(x, y, { batchSize: 3, epochs: 1, shuffle: false, verbose: 0 });
      await expectWeights(model, given, expected);
      model.dispose();
    });
  });

  test("fitDataset takes class numbers as they are", async () => {
    const model = bioNetwork({ mode: "dfa", hiddenLayers: [16], units: 3, inputShape: [4] });
    model.compile({
      optimizer: optimizer({ name: "adam", learningRate: 0.02 }),
      loss: loss("softmaxCrossEntropy"),
    });
    const xs = tf.randomNormal([30, 4], 0, 1, "float32", 5);
    const data = tf.data
      .zip({
        xs: tf.data.array(xs.arraySync() as number[][]),
        ys: tf.data.array(matrix(tf.argMax(xs, 1))[0]!.map((k) => k % 3)),
      })
      .batch(10);
    const { history } = await model.fitDataset(data, { epochs: 20, verbose: 0 });
    expect(history.loss!.at(-1)).toBeLessThan(0.5 * (history.loss![0] as number));
  });
});
