import {
  createNetwork,
  float64Tensor,
  groupByLayer,
  type NetworkSpec,
  noiseOffset,
  noiseTable,
  prepareStep,
  type Rule,
  type RuleName,
  referenceOps,
  rules,
  sizeOf,
} from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioDense,
  bioNetwork,
  fromSpec,
  loss,
  networkNoise,
  networkParameters,
  optimizer,
  readWeights,
  type SequentialDense,
} from "../src/index";
import { savedAndLoaded, weightDifference } from "./artifacts";
import { rulesOfFit } from "./rules-of-fit";
import "./backends";
import { each, expectClose, flip, type Matrix, matrix, plus, times } from "./matrices";

beforeAll(() => tf.setBackend("wasm"));

const SEED = 5;
const mirroring = { batch: 4, rate: 0.5 };

/** One layer under a rule, in a model so that it has weights. */
function layerOf(rule: RuleName, name: string) {
  const layer = bioDense({ rule, units: 3, inputShape: [3], seed: SEED, name, mirroring });
  tf.sequential({ layers: [layer] });
  return layer as SequentialDense;
}

/** A layer's noise at a step, by core's tables. */
function noiseAt(layer: SequentialDense, step: number): Matrix {
  const rule = rules.get(layer.spec.rule!) as Rule;
  const noise = { ...rule.noise!(layer.definition)[0]!, name: `${layer.name}.noise.0` };
  const start = noiseOffset(noise, SEED, step);
  const values = noiseTable(noise, SEED, 1).slice(start, start + sizeOf(noise.shape));
  return matrix(tf.tensor2d(values, noise.shape as [number, number]));
}

const x = () => tf.randomNormal([4, 3], 0, 1, "float32", 3);
const sum = (y: unknown) => tf.sum(y as tf.Tensor) as tf.Scalar;
const ones: Matrix = [1, 2, 3, 4].map(() => [1, 1, 1]);

describe("mirroring", () => {
  const spec: NetworkSpec = {
    inputShape: [3],
    rule: "wm",
    layers: [
      { type: "dense", units: 4, activation: "tanh", mirroring: { ...mirroring, steps: 2 } },
    ],
  };

  test("comes with a training call, and is core's on that step's noise", async () => {
    const network = createNetwork(spec);
    const model = fromSpec(spec, undefined, { seed: SEED });
    for (let step = 0; step < 3; step++) {
      const weights = await readWeights(model);
      const before = groupByLayer(
        network,
        network.parameters.map(({ name, shape }) => float64Tensor(weights[name]!, shape)),
      );
      const noise = networkNoise(model, 4).map((drawn) =>
        float64Tensor(drawn.dataSync(), drawn.shape),
      );
      const [mirrored] = prepareStep(referenceOps, network, before, noise);
      model.predict(x());
      tf.grad((input) => sum(model.apply(input)))(x());
      expect((await readWeights(model))["layers.0.feedback"]).toEqual(weights["layers.0.feedback"]);
      model.apply(x(), { training: true });
      expectClose(
        networkParameters(model, network)[0]!.feedback!,
        matrix(tf.tensor2d([...mirrored!.feedback!.data], [3, 4])),
      );
    }
  });

  test("of no steps leaves feedback weights as they are", () => {
    const layer = bioDense({ rule: "wm", units: 3, inputShape: [3], mirroring: { steps: 0 } });
    const model = tf.sequential({ layers: [layer] });
    const before = matrix(layer.variables.feedback!.read());
    const { grads } = tf.variableGrads(() => sum(model.apply(x(), { training: true })));
    expect(Object.keys(grads)).not.toContain(layer.variables.feedback!.name);
    expect(matrix(layer.variables.feedback!.read())).toEqual(before);
  });

  test("without noise comes with a training call, too", () => {
    const copied = { ...rules.get("wm"), name: "copied-fit", noise: () => [] };
    const layer = bioDense({
      rule: { ...copied, mirror: (_ops, { parameters }) => parameters.kernel },
      units: 3,
      inputShape: [3],
    });
    const model = tf.sequential({ layers: [layer] });
    const { kernel, feedback } = layer.variables;
    const before = matrix(kernel!.read());
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    for (const apply of [() => model.predict(x()), () => model.apply(x())]) {
      apply();
      expect(matrix(feedback!.read())).not.toEqual(before);
    }
    model.apply(x(), { training: true });
    expect(matrix(feedback!.read())).toEqual(before);
    kernel!.write(tf.ones([3, 3]));
    expect(matrix(feedback!.read())).toEqual(before);
    rules.remove("copied-fit");
  });

  test("in a layer that is used twice in a step: each use sends errors by its own feedback weights", () => {
    const layer = layerOf("wm", "twice-wm");
    const kernel = matrix(layer.variables.kernel!.read());
    const start = matrix(layer.variables.feedback!.read());
    const input = matrix(x());
    const { grads } = tf.variableGrads(() => {
      const apply = (given: tf.Tensor) => layer.apply(given, { training: true }) as tf.Tensor;
      return sum(apply(apply(x())));
    });
    // B ← (1 − η)·B + η·xᵀ(xW) / batch, twice.
    const mirror = (B: Matrix, step: number) => {
      const drawn = noiseAt(layer, step);
      const seen = times(flip(drawn), times(drawn, kernel));
      return plus(each((b) => b * 0.5)(B), each((s) => (s * 0.5) / 4)(seen));
    };
    const second = mirror(mirror(start, 0), 1);
    expectClose(layer.variables.feedback!.read(), second);
    const upper = times(flip(times(input, kernel)), ones);
    const lower = times(flip(input), times(ones, flip(second)));
    expectClose(grads[layer.variables.kernel!.name]!, plus(upper, lower));
  });
});

test("a use keeps the feedback weights it was computed with, though another mirrors before its backward pass", () => {
  const layer = layerOf("wm", "before-wm");
  const before = matrix(layer.variables.feedback!.read());
  const [first, second] = tf.grads((a, b) =>
    tf.add(sum(layer.apply(a)), sum(layer.apply(b, { training: true }))),
  )([x(), x()]);
  const after = matrix(layer.variables.feedback!.read());
  expect(after).not.toEqual(before);
  expectClose(first!, times(ones, flip(before)));
  expectClose(second!, times(ones, flip(after)));
});

describe("noise", () => {
  const signs = each(Math.sign);
  const transport = (layer: SequentialDense, step: number) => {
    const kernel = signs(matrix(layer.variables.kernel!.read()));
    const drawn = noiseAt(layer, step);
    return kernel.map((row, i) => row.map((s, j) => s * drawn[i]![j]!));
  };

  test("is a training call's own, in its backward pass too", () => {
    const layer = layerOf("brsf", "own-noise");
    for (const step of [0, 1, 2]) {
      const signal = tf.grad((input) => sum(layer.apply(input, { training: true })))(x());
      expectClose(signal, times(ones, flip(transport(layer, step))));
    }
  });

  test("outside of training is the next step's, and no step is taken", () => {
    const layer = layerOf("brsf", "next-noise");
    layer.apply(x(), { training: true });
    for (let again = 0; again < 2; again++) {
      const signal = tf.grad((input) => sum(layer.apply(input)))(x());
      expectClose(signal, times(ones, flip(transport(layer, 1))));
    }
    expectClose(tf.concat(layer.nextNoise()), noiseAt(layer, 1));
  });

  test("of a layer that is used twice in a step is another for each use", () => {
    const layer = layerOf("brsf", "twice-brsf");
    const apply = (given: tf.Tensor) => layer.apply(given, { training: true }) as tf.Tensor;
    const signal = tf.grad((input) => sum(apply(apply(input))))(x());
    const upper = times(ones, flip(transport(layer, 1)));
    expectClose(signal, times(upper, flip(transport(layer, 0))));
  });

  test("is drawn outside of kernels, in which TensorFlow.js looks for leaks", () => {
    const layer = bioDense({ rule: "wm", units: 3, inputShape: [3], activation: "tanh" });
    tf.sequential({ layers: [layer] });
    tf.env().set("IS_TEST", true);
    try {
      layer.apply(x(), { training: true });
    } finally {
      tf.env().set("IS_TEST", false);
    }
  });

  test("is keyed by seed and name", () => {
    const drawn = (seed: number, name: string) => {
      const layer = bioDense({ rule: "brsf", units: 2, inputShape: [2], seed, name });
      tf.sequential({ layers: [layer] });
      return matrix(layer.nextNoise()[0]!);
    };
    expect(drawn(1, "noisy")).toEqual(drawn(1, "noisy"));
    expect(drawn(2, "noisy")).not.toEqual(drawn(1, "noisy"));
    expect(drawn(1, "other")).not.toEqual(drawn(1, "noisy"));
  });
});

describe.each(rulesOfFit)("%s", (mode) => {
  const make = () =>
    bioNetwork({ mode, hiddenLayers: [5, 4], units: 3, inputShape: [3], seed: SEED, mirroring });
  let xs: tf.Tensor;
  let ys: tf.Tensor;
  beforeAll(() => {
    xs = tf.randomNormal([12, 3], 0, 1, "float32", 1);
    ys = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], "int32"), 3);
  });
  const compile = (model: tf.LayersModel) => {
    const stepper = optimizer({ name: "adam", learningRate: 0.01 });
    model.compile({ optimizer: stepper, loss: loss("softmaxCrossEntropy") });
    return stepper;
  };
  const fit = (model: tf.LayersModel, epochs: number) =>
    model.fit(xs, ys, { epochs, batchSize: 4, shuffle: false, verbose: 0 });

  test("the number of tensors stays from step to step, and all are freed with the model", async () => {
    const before = tf.memory().numTensors;
    const model = make();
    const stepper = compile(model);
    await fit(model, 1);
    const { numTensors, numBytes } = tf.memory();
    await fit(model, 10);
    tf.dispose([model.evaluate(xs, ys) as tf.Scalar, model.predict(xs) as tf.Tensor]);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    model.dispose();
    stepper.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("loads as it was saved, and trains on as if it had not been", async () => {
    const model = make();
    compile(model);
    await fit(model, 1);
    const loaded = await savedAndLoaded(model);
    expect(weightDifference(model, loaded)).toBe(0);
    expect((loaded.predict(xs) as tf.Tensor).dataSync()).toEqual(
      (model.predict(xs) as tf.Tensor).dataSync(),
    );
    for (const one of [model, loaded]) {
      compile(one);
      await fit(one, 2);
    }
    expect(weightDifference(model, loaded)).toBe(0);
  });

  test("neither noise nor its tables are weights", async () => {
    const model = make();
    const names = model.weights.map(({ name }) => name);
    compile(model);
    await fit(model, 1);
    expect(model.weights.map(({ name }) => name)).toEqual(names);
    const { parameters } = createNetwork({
      inputShape: [3],
      rule: mode,
      layers: [5, 4, 3].map((units) => ({ type: "dense", units })),
    });
    expect(names).toHaveLength(parameters.length);
    expect(model.trainableWeights).toHaveLength(parameters.filter(({ learns }) => learns).length);
  });
});
