import type { OptimizerSpec } from "@bioflax/core";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { savedAndLoaded, weightDifference } from "../../test/artifacts";
import { denseKP, loss, optimizer } from "../index";
import "../../test/backends";

beforeAll(() => tf.setBackend("wasm"));

describe("optimizer", () => {
  const specs: OptimizerSpec[] = [
    { name: "sgd", learningRate: 0.1, weightDecay: 0.03 },
    { name: "sgd", learningRate: 0.1, momentum: 0.9, weightDecay: 0.03 },
    { name: "adam", learningRate: 0.01, weightDecay: 0.03 },
    {
      name: "sgd",
      learningRate: 0.1,
      weightDecay: 0.03,
      schedule: {
        name: "multiStep",
        milestones: [2, 9],
        gamma: 0.5,
        warmup: { steps: 2, from: 0.5 },
      },
    },
    {
      name: "adam",
      learningRate: 0.01,
      weightDecay: 0.03,
      schedule: { name: "exponential", steps: 4, gamma: 0.5, staircase: true },
    },
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

  describe("a loaded state belongs to weights by name, whichever are frozen", () => {
    // Square layers, so that memory that is mixed up has the right shapes.
    const chain = (name = "slots") =>
      tf.sequential({
        layers: ["a", "b", "c"].map((layer) =>
          denseKP({ units: 4, inputShape: [4], name: `${name}-${layer}` }),
        ),
      });
    const given = (seed: number) => tf.randomNormal([8, 4], 0, 1, "float32", seed);
    const fit = (model: tf.LayersModel) =>
      model.fit(given(1), given(2), { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 });
    const compile = (model: tf.LayersModel, given: tf.Optimizer) =>
      model.compile({ optimizer: given, loss: "meanSquaredError" });
    const freeze = (model: tf.LayersModel, ...frozen: number[]) => {
      model.layers.forEach((layer, i) => {
        layer.trainable = !frozen.includes(i);
      });
      compile(model, model.optimizer);
    };
    const adam = () => optimizer({ name: "adam", learningRate: 0.01 });

    test.each([[[0]], [[1]], [[0, 1]], [[1, 2]]])("of layers %j", async (frozen) => {
      const model = chain();
      compile(model, adam());
      await fit(model);
      const loaded = await savedAndLoaded(model, true);
      for (const one of [model, loaded]) freeze(one, ...frozen);
      for (const one of [model, loaded]) await fit(one);
      expect(weightDifference(model, loaded)).toBe(0);
      // Nothing of what is frozen is lost, saved again or not.
      const again = await savedAndLoaded(loaded, true);
      for (const one of [model, loaded, again]) freeze(one);
      for (const one of [model, loaded, again]) await fit(one);
      expect(weightDifference(model, loaded)).toBe(0);
      expect(weightDifference(model, again)).toBe(0);
    });

    test("what was frozen when it was saved starts without", async () => {
      const model = chain();
      compile(model, adam());
      freeze(model, 0);
      await fit(model);
      const loaded = await savedAndLoaded(model, true);
      for (const one of [model, loaded]) freeze(one);
      for (const one of [model, loaded]) await fit(one);
      expect(weightDifference(model, loaded)).toBe(0);
    });

    test("and the console says so where that goes for all that learn", async () => {
      const warn = jest.spyOn(console, "warn").mockImplementation(() => undefined);
      const [model, other] = [chain(), chain("others")];
      for (const one of [model, other]) compile(one, adam());
      await fit(model);
      await other.optimizer.setWeights(await model.optimizer.getWeights());
      await fit(other);
      expect(warn.mock.calls).toEqual([
        [
          expect.stringMatching(
            /is of the weights "slots-a\/kernel.*, …, and of "others-a\/kernel/,
          ),
        ],
      ]);
      warn.mockRestore();
    });

    test("of two weights of one name it must be told which", async () => {
      const [one, two] = ["twice/kernel", "twice/kernel_1"].map((name) =>
        tf.variable(tf.ones([2]), true, name),
      );
      const step = adam();
      for (const { name } of [one!, two!]) step.applyGradients({ [name]: tf.ones([2]) });
      const loaded = adam();
      await loaded.setWeights(await step.getWeights());
      loaded.applyGradients({ [two!.name]: tf.ones([2]) });
      const third = tf.variable(tf.ones([2]), true, "twice/kernel_2");
      await loaded.setWeights(await step.getWeights());
      expect(() => loaded.applyGradients({ [third.name]: tf.ones([2]) })).toThrow(
        'the loaded state has "twice/kernel", "twice/kernel_1", and it cannot be told which of them is "twice/kernel_2"',
      );
    });

    test.each<[string, () => ReturnType<tf.Optimizer["getWeights"]>, string]>([
      [
        "another optimizer's",
        async () => {
          const model = chain("foreign");
          compile(model, tf.train.adam(0.01));
          await fit(model);
          return model.optimizer.getWeights() as never;
        },
        'expected the state of this optimizer, <weight>/mean and <weight>/square for each weight, received "foreign-a/kernel/m"; it',
      ],
      ["one without its steps", async () => [], 'which begins with its "iter", received none'],
    ])("%s is refused, and its own stays", async (_what, given, text) => {
      const model = chain();
      const step = adam();
      compile(model, step);
      await fit(model);
      const values = async () =>
        (await step.getWeights()).map(({ tensor }) => [...tensor.dataSync()]);
      const before = await values();
      await expect(step.setWeights(await given())).rejects.toThrow(text);
      expect(await values()).toEqual(before);
    });
  });

  test("decays kernels of TensorFlow.js's own layers, and nothing else of theirs", () => {
    const step = optimizer({ name: "sgd", learningRate: 1, weightDecay: 0.5 });
    const names = [
      "a/kernel",
      "a/kernel_1",
      "a/bias",
      "a/gamma",
      "kernel/bias",
      "c/recurrent_kernel",
    ];
    const variables = names.map((name) => tf.variable(tf.ones([2]), true, `decay-${name}`));
    step.applyGradients(variables.map(({ name }) => ({ name, tensor: tf.zeros([2]) })));
    expect(variables.map((variable) => variable.dataSync()[0])).toEqual([0.5, 0.5, 1, 1, 1, 0.5]);
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

  test("follows its schedule step by step, and setLearningRate changes the rate it multiplies", () => {
    const schedule = { name: "multiStep", milestones: [1, 3], gamma: 0.5 } as const;
    const step = optimizer({ name: "sgd", learningRate: 1, schedule });
    const weight = tf.variable(tf.scalar(0), true, "scheduled/w");
    const moves = [1, 2, 3, 4].map((count) => {
      const before = weight.dataSync()[0]!;
      if (count === 4) step.setLearningRate(8);
      step.applyGradients({ [weight.name]: tf.scalar(-1) });
      return weight.dataSync()[0]! - before;
    });
    expect(moves).toEqual([1, 0.5, 0.5, 2]);
    expect(step.learningRate).toBe(8);
    expect(step.getConfig()).toEqual({ name: "sgd", learningRate: 8, schedule });
  });

  test("refuses a schedule that is none", () => {
    const schedule = { name: "cosine", steps: 0 } as const;
    expect(() => optimizer({ name: "sgd", learningRate: 1, schedule })).toThrow(
      'Schedule "cosine": expected "steps" to be a whole number from 1, received 0.',
    );
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

test.each([
  [undefined, "Optimizer: expected { name, learningRate, … }"],
  ["adam", 'such as { name: "adam", learningRate: 0.001 }, received "adam".'],
  [{ name: "adam", lr: 0.1 }, 'unknown option "lr". Did you mean "learningRate"?'],
])("what is no optimizer is said to be none: %j", (spec, message) => {
  expect(() => optimizer(spec as never)).toThrow(message);
});
