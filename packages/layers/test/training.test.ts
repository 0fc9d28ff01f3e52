import {
  createNetwork,
  float64Tensor,
  getLoss,
  initializeWeights,
  type LossName,
  losses,
  type OptimizerSpec,
  type RuleName,
  referenceOps,
  rules,
} from "@bioflax/core";
import {
  type PlainBatch,
  plainTrain,
  relativeError,
  tensor,
  trainingCase,
  trainingCases,
} from "@bioflax/core/testing";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioNetwork,
  denseKP,
  fromSpec,
  loss,
  networkParameters,
  optimizer,
  readWeights,
  tfOps,
  writeWeights,
} from "../src/index";
import { savedAndLoaded, weightDifference } from "./artifacts";
import { BACKENDS } from "./backends";
import { expectClose, matrix } from "./matrices";

beforeAll(() => tf.setBackend("wasm"));

/** A batch as tensors; labels as one-hot rows where a whole model is to be fitted. */
function tensorsOf({ input, labels, values }: PlainBatch, outputs: number, oneHot: boolean) {
  const x = tf.tensor2d(input);
  if (values !== undefined) return [x, tf.tensor2d(values)] as const;
  const y = tf.tensor1d(labels!, "int32");
  return [x, oneHot ? tf.cast(tf.oneHot(y, outputs), "float32") : y] as const;
}

describe.each(BACKENDS)("%s: twenty steps of a model are the plain loops'", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  test.each(trainingCases({ steps: 20 }).map((given) => [given.name, given] as const))(
    "%s",
    async (_name, given) => {
      const network = createNetwork(given.spec);
      const expected = plainTrain(given, given.weights, given.batches);
      const model = fromSpec(given.spec, given.weights);
      const stepper = optimizer(given.optimizer);
      const lossOf = loss(given.loss);
      const received = given.batches.map((batch) => {
        const [x, y] = tensorsOf(batch, network.outputs, false);
        const { value, grads } = tf.variableGrads(() =>
          lossOf(y, model.apply(x, { training: true }) as tf.Tensor),
        );
        stepper.applyGradients(grads);
        tf.dispose(grads);
        return value.dataSync()[0]!;
      });
      expect(relativeError(tensor(received, [20]), tensor(expected.losses, [20]))).toBeLessThan(
        2e-5,
      );
      const weights = await readWeights(model);
      for (const { name, shape } of network.parameters) {
        const plain = tensor((expected.weights[name] as number[][]).flat(), shape);
        expect(relativeError(tensor(weights[name]!, shape), plain)).toBeLessThan(2e-5);
      }
      model.dispose();
      stepper.dispose();
    },
  );
});

describe("model.fit is the same training", () => {
  test.each(Object.keys(losses) as LossName[])("%s", async (name) => {
    for (const rule of Object.keys(rules) as RuleName[]) {
      const given = trainingCase({
        rule,
        loss: name,
        optimizer: { name: "adam", learningRate: 0.01, weightDecay: 0.001 },
        steps: 8,
      });
      const expected = plainTrain(given, given.weights, given.batches);
      const model = fromSpec(given.spec, given.weights);
      model.compile({ optimizer: optimizer(given.optimizer), loss: loss(name) });
      const received: number[] = [];
      for (const batch of given.batches) {
        const [x, y] = tensorsOf(batch, 4, true);
        const { history } = await model.fit(x, y, { epochs: 1, verbose: 0 });
        received.push(history.loss![0] as number);
      }
      expect(relativeError(tensor(received, [8]), tensor(expected.losses, [8]))).toBeLessThan(2e-5);
    }
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

describe("loss", () => {
  test.each<[string, number[] | number[][], "int32" | "float32"]>([
    ["int32 [batch]", [2, 0, 1], "int32"],
    ["float32 [batch]", [2, 0, 1], "float32"],
    ["float32 [batch, 1]", [[2], [0], [1]], "float32"],
    [
      "one-hot rows",
      [
        [0, 0, 1],
        [1, 0, 0],
        [0, 1, 0],
      ],
      "float32",
    ],
  ])(
    "softmaxCrossEntropy takes %s, and its gradient is core's, also scaled",
    (_name, values, dtype) => {
      const logits = tf.randomNormal([3, 3], 0, 2, "float32", 1);
      const target = tf.tensor(values, undefined, dtype);
      const lossOf = loss("softmaxCrossEntropy");
      const { value, error } = getLoss("softmaxCrossEntropy").evaluate(
        referenceOps,
        float64Tensor(logits.dataSync(), [3, 3]),
        float64Tensor([2, 0, 1], [3]),
      );
      expect(lossOf(target, logits).dataSync()[0]).toBeCloseTo(value.data[0]!, 5);
      const gradient = tf.grad((z) => tf.mul(lossOf(target, z), 3))(logits);
      expect(
        relativeError(
          tensor(gradient.dataSync(), [3, 3]),
          tensor(
            error.data.map((x) => 3 * x),
            [3, 3],
          ),
        ),
      ).toBeLessThan(1e-6);
    },
  );

  test("outputs of rank 3 count their rows", () => {
    const [y, t] = [
      tf.randomNormal([2, 3, 4], 0, 1, "float32", 1),
      tf.randomNormal([2, 3, 4], 0, 1, "float32", 2),
    ];
    expect(loss("meanSquaredError")(t, y).dataSync()[0]).toBeCloseTo(
      tf.mean(tf.square(tf.sub(y, t))).dataSync()[0]! / 2,
      6,
    );
    expect(tf.grad((z) => loss("meanSquaredError")(t, z))(y).shape).toEqual([2, 3, 4]);
  });
});

describe("optimizer", () => {
  const specs: OptimizerSpec[] = [
    { name: "sgd", learningRate: 0.1, weightDecay: 0.03 },
    { name: "sgd", learningRate: 0.1, momentum: 0.9, weightDecay: 0.03 },
    { name: "adam", learningRate: 0.01, weightDecay: 0.03 },
  ];
  const make = () =>
    tf.sequential({
      layers: [
        denseKP({ units: 6, inputShape: [5], activation: "tanh", name: "kp-a" }),
        denseKP({ units: 3, name: "kp-b" }),
      ],
    });
  const data = () =>
    [
      tf.randomNormal([8, 5], 0, 1, "float32", 1),
      tf.randomNormal([8, 3], 0, 1, "float32", 2),
    ] as const;

  test.each(specs)("Kolen-Pollack with decay shrinks W − B by (1 − λ) a step: %j", async (spec) => {
    const model = make();
    const [xs, ys] = data();
    model.compile({ optimizer: optimizer(spec), loss: loss("meanSquaredError") });
    const gaps = () =>
      model.layers.map((layer) => {
        const { kernel, feedback } = (layer as ReturnType<typeof denseKP>).variables;
        return tf.norm(tf.sub(kernel!.read(), feedback!.read())).dataSync()[0]!;
      });
    const before = gaps();
    for (let step = 1; step <= 10; step++) {
      await model.fit(xs, ys, { epochs: 1, verbose: 0 });
      gaps().forEach((gap, l) => expect(gap / before[l]!).toBeCloseTo(0.97 ** step, 5));
    }
  });

  test.each(specs)("leaks nothing, and resumes where it was: %j", async (spec) => {
    const [xs, ys] = data();
    const fit = (model: tf.LayersModel, epochs: number) =>
      model.fit(xs, ys, { epochs, shuffle: false, verbose: 0 });
    const model = make();
    // Only losses that TensorFlow.js can name are saved with a model.
    model.compile({ optimizer: optimizer(spec), loss: "meanSquaredError" });
    await fit(model, 3);
    const { numTensors } = tf.memory();
    await fit(model, 5);
    expect(tf.memory().numTensors).toBe(numTensors);
    const loaded = await savedAndLoaded(model, true);
    expect(loaded.optimizer.getConfig()).toEqual(spec);
    await fit(model, 4);
    await fit(loaded, 4);
    expect(weightDifference(model, loaded)).toBe(0);
    expect(loaded.optimizer.iterations).toBe(12);
    // Saved again before its first step, it still has all it loaded.
    const again = await savedAndLoaded(await savedAndLoaded(loaded, true), true);
    await fit(loaded, 2);
    await fit(again, 2);
    expect(weightDifference(loaded, again)).toBe(0);
  });

  test("decays kernels of any layer, and nothing else", () => {
    const step = optimizer({ name: "sgd", learningRate: 1, weightDecay: 0.5 });
    const names = [
      "a/kernel",
      "a/kernel_1",
      "b/feedback",
      "a/bias",
      "a/gamma",
      "kernel/bias",
      "c/recurrent_kernel",
    ];
    const variables = names.map((name) => tf.variable(tf.ones([2]), true, `decay-${name}`));
    step.applyGradients(variables.map(({ name }) => ({ name, tensor: tf.zeros([2]) })));
    expect(variables.map((variable) => variable.dataSync()[0])).toEqual([
      0.5, 0.5, 0.5, 1, 1, 1, 0.5,
    ]);
  });

  test("takes maps and lists, skips variables without a gradient, and changes its step size", () => {
    const step = optimizer({ name: "sgd", learningRate: 1 });
    const weight = tf.variable(tf.scalar(5), true, "steps/w");
    step.applyGradients({ [weight.name]: tf.scalar(1) });
    step.applyGradients([{ name: weight.name, tensor: null as never }]);
    step.setLearningRate(0.5);
    step.applyGradients([{ name: weight.name, tensor: tf.scalar(1) }]);
    expect([weight.dataSync()[0], step.iterations, step.learningRate]).toEqual([3.5, 3, 0.5]);
  });

  test("frees its slots", () => {
    const weight = tf.variable(tf.scalar(5));
    const gradient = tf.scalar(1);
    const before = tf.memory().numTensors;
    const step = optimizer({ name: "adam", learningRate: 1 });
    step.applyGradients({ [weight.name]: gradient });
    expect(tf.memory().numTensors).toBe(before + 2);
    step.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("networks", () => {
  test.each(Object.keys(rules) as RuleName[])(
    "%s: bioNetwork starts with core's weights, and exchanges them by name",
    async (mode) => {
      const options = {
        mode,
        hiddenLayers: [5, 4],
        activations: ["tanh", "relu"],
        units: 3,
        inputShape: [6],
        seed: 11,
      } as const;
      const model = bioNetwork({ ...options, kernelInitializer: "glorotUniform" });
      const network = createNetwork({
        inputShape: [6],
        rule: mode,
        layers: [
          [5, "tanh"],
          [4, "relu"],
          [3, "identity"],
        ].map(([units, activation]) => ({
          type: "dense",
          units: units as number,
          activation: activation as "tanh",
          kernelInitializer: "glorotUniform",
        })),
      });
      const weights = initializeWeights(network, 11);
      expect(await readWeights(model)).toEqual(weights);
      const other = initializeWeights(network, 12);
      writeWeights(model, other);
      expect(await readWeights(model)).toEqual(other);
      const { kernel } = networkParameters(model, network)[1]!;
      expectClose(kernel, matrix(tf.tensor2d(other["layers.1.kernel"]!, [5, 4])));
      expect(tfOps.shape(kernel)).toEqual([5, 4]);
    },
  );

  test("without biases, with one activation for all, and with no hidden layer", () => {
    const model = bioNetwork({
      mode: "dfa",
      hiddenLayers: [4, 3],
      activations: "sigmoid",
      units: 2,
      inputShape: [5],
      useBias: false,
      outputActivation: "softmax",
    });
    expect(model.layers.map((layer) => layer.getConfig().activation)).toEqual([
      "sigmoid",
      "sigmoid",
      "softmax",
    ]);
    expect(model.trainableWeights).toHaveLength(3);
    expect(
      bioNetwork({ mode: "dfa", hiddenLayers: [], units: 2, inputShape: [5] }).weights,
    ).toHaveLength(2);
  });
});
