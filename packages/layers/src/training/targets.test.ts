import { type RuleName, rules } from "@bioflax/core";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { rulesOfFit } from "../../test/rules-of-fit";
import { bioDense, bioNetwork, denseDFAHidden, denseDFAOutput, loss } from "../index";
import "../../test/backends";

beforeAll(() => tf.setBackend("wasm"));

const numbers = (tensor: tf.Tensor) => [...tensor.dataSync()];
const several = () =>
  tf.tensor2d([
    [2, 1, -1],
    [0.5, -0.5, 3],
  ]);

describe("targets are what the outputs are to be", () => {
  // tensorflow#41413: one output and two classes.
  const column = [[0], [1], [1], [0]];
  test.each<[string, tf.DataType, number[] | number[][]]>([
    ["float32 [batch, 1]", "float32", column],
    ["int32 [batch, 1]", "int32", column],
    ["bool [batch, 1]", "bool", column],
    ["int32 [batch]", "int32", column.flat()],
  ])("a single output's, %s", (_name, type, values) => {
    const logits = tf.tensor2d([[-3], [3], [2], [-2]]);
    const target = tf.tensor(values, undefined, type);
    const lossOf = loss("sigmoidCrossEntropy");
    expect(numbers(lossOf(target, logits))[0]).toBeCloseTo(0.08776, 5);
    const expected = tf.grad((z) =>
      tf.mean(tf.sub(tf.softplus(z), tf.mul(tf.tensor2d(column), z))),
    )(logits);
    const received = numbers(tf.grad((z) => lossOf(target, z))(logits));
    numbers(expected).forEach((value, i) => expect(received[i]).toBeCloseTo(value, 6));
  });

  test("multi-hot rows, and an example without a label", () => {
    const lossOf = loss("sigmoidCrossEntropy");
    const multi = tf.tensor2d([
      [1, 1, 0],
      [0, 1, 1],
    ]);
    const none = tf.tensor2d([
      [0, 0, 0],
      [0, 0, 1],
    ]);
    expect(numbers(lossOf(multi, several()))[0]).toBeCloseTo(0.45837, 5);
    expect(numbers(lossOf(none, several()))[0]).toBeCloseTo(0.87503, 5);
    const gradient = numbers(tf.grad((z) => lossOf(multi, z))(several()));
    [-0.0199, -0.0448, 0.0448, 0.1037, -0.1037, -0.0079].forEach((value, i) =>
      expect(gradient[i]).toBeCloseTo(value, 4),
    );
  });

  test("probabilities of classes", () => {
    const soft = tf.tensor2d([
      [0.7, 0.2, 0.1],
      [0.4, 0.35, 0.25],
    ]);
    expect(numbers(loss("softmaxCrossEntropy")(soft, several()))[0]).toBeCloseTo(1.59021, 5);
  });

  test("a network of one output learns two classes, and not the opposite", async () => {
    for (const mode of ["bp", "fa", "dfa"] as const) {
      const model = bioNetwork({
        mode,
        hiddenLayers: [8],
        activations: ["tanh"],
        units: 1,
        inputShape: [1],
        seed: 1,
      });
      model.compile({ optimizer: tf.train.adam(0.05), loss: loss("sigmoidCrossEntropy") });
      const xs = tf.reshape(tf.linspace(-1, 1, 64), [64, 1]);
      await model.fit(xs, tf.cast(tf.greater(xs, 0), "float32"), { epochs: 40, verbose: 0 });
      const [low, high] = numbers(tf.sigmoid(model.predict(tf.tensor2d([[-1], [1]])) as tf.Tensor));
      expect(low).toBeLessThan(0.1);
      expect(high).toBeGreaterThan(0.9);
    }
  });
});

describe("examples are weighted", () => {
  const x = () => tf.tensor([1, 0, 0, 1, 1, 1, 2, 1], [4, 2]);
  const y = () => tf.tensor([1, 0, 1, 0, 1, 0, 0, 1], [4, 2]);

  test.each([
    [undefined, 0.71774, [0.0077, -0.1077, 0.38817, 0.31183]],
    [{ 0: 1, 1: 10 }, 2.90942, [-2.79337, 2.69337, -1.01236, 1.71236]],
    [{ 0: 10, 1: 1 }, 4.98575, [1.97808, -2.07808, 2.58225, -1.88225]],
  ])(
    "by fit's classWeight %j, as a loss of TensorFlow.js is",
    async (classWeight, value, kernel) => {
      const layer = bioDense({ rule: "bp", units: 2, inputShape: [2], useBias: false });
      const model = tf.sequential({ layers: [layer] });
      layer.setWeights([tf.tensor([0.1, -0.2, 0.3, 0.4], [2, 2])]);
      model.compile({ optimizer: tf.train.sgd(1), loss: loss("softmaxCrossEntropy") });
      const { history } = await model.fit(x(), y(), {
        epochs: 1,
        batchSize: 4,
        shuffle: false,
        verbose: 0,
        ...(classWeight && { classWeight }),
      });
      expect(history.loss![0]).toBeCloseTo(value, 5);
      numbers(layer.getWeights()[0]!).forEach((weight, i) =>
        expect(weight).toBeCloseTo(kernel[i]!, 5),
      );
    },
  );

  /** What one step with sgd makes of a network under a rule. */
  async function step(
    rule: RuleName,
    [inputs, targets]: [tf.Tensor, tf.Tensor],
    { rate, weight }: { rate: number; weight?: number },
  ): Promise<number[]> {
    const model = bioNetwork({
      mode: rule,
      hiddenLayers: [4],
      activations: ["tanh"],
      units: 2,
      inputShape: [2],
      seed: 3,
    });
    model.compile({ optimizer: tf.train.sgd(rate), loss: loss("softmaxCrossEntropy") });
    await model.fit(inputs, targets, {
      batchSize: 99,
      shuffle: false,
      verbose: 0,
      ...(weight !== undefined && { classWeight: { 0: 1, 1: weight } }),
    });
    const after = model.trainableWeights.flatMap((one) => numbers(one.read()));
    model.dispose();
    return after;
  }

  // What learns from products of errors, as an error projection does, has the weight twice.
  const isLinear = (rule: RuleName) => rules.get(rule).errorProjection?.gradient === undefined;
  test.each(rulesOfFit.filter(isLinear))(
    "%s: one of weight 3 counts as three, for every layer",
    async (rule) => {
      const thrice = (t: tf.Tensor) => tf.gather(t, [0, 1, 2, 3, 3, 3]);
      const weighted = await step(rule, [x(), y()], { rate: 0.4, weight: 3 });
      // The mean is over four examples there and over six here.
      const repeated = await step(rule, [thrice(x()), thrice(y())], { rate: 0.6 });
      weighted.forEach((value, i) => expect(value).toBeCloseTo(repeated[i]!, 5));
      const plain = await step(rule, [x(), y()], { rate: 0.4 });
      expect(weighted.some((value, i) => Math.abs(value - plain[i]!) > 1e-3)).toBe(true);
    },
  );

  test("sdfa: of several outputs, too", async () => {
    const after = async (rows: number[], rate: number, classWeight?: tf.ClassWeight) => {
      const input = tf.input({ shape: [2] });
      const hidden = bioDense({ rule: "sdfa", units: 4, name: "hidden", activation: "tanh" }).apply(
        input,
      );
      const outputs = ["one", "other"].map((name) =>
        denseDFAOutput({ units: 2, name }).apply(hidden as tf.SymbolicTensor),
      ) as tf.SymbolicTensor[];
      const model = tf.model({ inputs: input, outputs });
      const ce = loss("softmaxCrossEntropy");
      model.compile({ optimizer: tf.train.sgd(rate), loss: [ce, ce] });
      const [inputs, targets] = [x(), y()].map((t) => tf.gather(t, rows)) as [tf.Tensor, tf.Tensor];
      await model.fit(inputs, [targets, targets], {
        shuffle: false,
        verbose: 0,
        ...(classWeight && { classWeight: [classWeight, classWeight] }),
      });
      return model.trainableWeights.flatMap((one) => numbers(one.read()));
    };
    const weighted = await after([0, 1, 2, 3], 0.4, { 0: 1, 1: 3 });
    const repeated = await after([0, 1, 2, 3, 3, 3], 0.6);
    weighted.forEach((value, i) => expect(value).toBeCloseTo(repeated[i]!, 5));
  });

  describe("by a classWeight that fits", () => {
    const multi = () => tf.tensor([1, 0, 1, 1, 1, 0, 0, 1], [4, 2]);
    const soft = () => tf.tensor([1, 0, 0.7, 0.3, 1, 0, 0, 1], [4, 2]);
    const rowsError =
      'classWeight of the output "o": expected one-hot rows, each of one class, and row 1 of the targets';

    function compiled(what: string | ReturnType<typeof loss>) {
      const layers = [bioDense({ rule: "fa", units: 2, inputShape: [2], name: "o", seed: 1 })];
      const model = tf.sequential({ layers });
      model.compile({ optimizer: "sgd", loss: what as string });
      return model;
    }

    /** Fits both ways, which are to be refused with no weight changed. */
    async function refused(targets: tf.Tensor, classWeight: unknown, message: string) {
      const model = compiled(loss("sigmoidCrossEntropy"));
      const before = model.getWeights().map(numbers);
      const args = { classWeight: classWeight as tf.ClassWeight, verbose: 0 } as const;
      await expect(model.fit(x(), targets, args)).rejects.toThrow(message);
      const dataset = tf.data.array([{ xs: x(), ys: targets }]);
      await expect(model.fitDataset(dataset, { ...args, epochs: 1 })).rejects.toThrow(message);
      expect(model.getWeights().map(numbers)).toEqual(before);
    }

    test.each([
      ["balanced", 'received "balanced".'],
      [{ 0: 1, 1: Number.NaN }, 'received NaN for class "1".'],
      [{ 0: -1, 1: 1 }, 'received -1 for class "0".'],
      [{ 0: Number.POSITIVE_INFINITY, 1: 1 }, 'received Infinity for class "0".'],
      [[{ 0: "2", 1: 1 }], 'received "2" for class "0".'],
      [{ o: { 0: 1, 1: -3 } }, 'received -3 for class "1".'],
    ])("numbers from 0, and not %j", (classWeight, received) =>
      refused(
        y(),
        classWeight,
        `classWeight of the output "o": expected a finite number from 0 for each class, such as { 0: 1, 1: 10 }, ${received}`,
      ),
    );

    test.each([
      ["multi-hot", multi],
      ["soft", soft],
    ])("one-hot rows, and not %s ones", (_name, targets) =>
      refused(targets(), { 0: 1, 1: 10 }, rowsError),
    );

    test.each<tf.DataType>(["bool", "int32", "float32"])("one-hot rows of %s", async (type) => {
      const model = compiled(loss("softmaxCrossEntropy"));
      const classWeight = { 0: 1, 1: 10 };
      const { history } = await model.fit(x(), tf.cast(y(), type), { classWeight, verbose: 0 });
      expect(history.loss![0]).toBeGreaterThan(0);
    });

    test("one of several outputs, by its name", async () => {
      const input = tf.input({ shape: [2] });
      const outputs = ["a", "o"].map((name) =>
        bioDense({ rule: "bp", units: 2, name }).apply(input),
      ) as tf.SymbolicTensor[];
      const model = tf.model({ inputs: input, outputs });
      const ours = loss("sigmoidCrossEntropy") as never;
      model.compile({ optimizer: "sgd", loss: { a: "meanSquaredError", o: ours } });
      const classWeight = { a: { 0: 1, 1: 2 }, o: { 0: 1, 1: 2 } } as never;
      const fit = (o: tf.Tensor) => model.fit(x(), { a: multi(), o }, { classWeight, verbose: 0 });
      await expect(fit(multi())).rejects.toThrow(rowsError);
      expect((await fit(y())).history.loss![0]).toBeGreaterThan(0);
    });

    test("any rows where classes count the same; datasets and other losses as ever", async () => {
      const args = { epochs: 1, verbose: 0 } as const;
      const same = { ...args, classWeight: { 0: 2, 1: 2 } };
      const differing = { ...args, classWeight: { 0: 1, 1: 10 } };
      const lossOf = async (fitting: Promise<tf.History>) =>
        (await fitting).history.loss![0] as number;
      const ours = () => compiled(loss("sigmoidCrossEntropy"));
      expect(await lossOf(ours().fit(x(), multi(), same))).toBeCloseTo(
        2 * (await lossOf(ours().fit(x(), multi(), args))),
        5,
      );
      const dataset = tf.data.array([{ xs: x(), ys: y() }]);
      expect(await lossOf(ours().fitDataset(dataset, differing))).toBeCloseTo(
        await lossOf(ours().fit(x(), y(), differing)),
        5,
      );
      const theirs = compiled("meanSquaredError");
      expect(await lossOf(theirs.fit(x(), multi(), differing))).toBeGreaterThan(0);
    });
  });

  test("by a third argument, where a loss is no model's", () => {
    const lossOf = loss("softmaxCrossEntropy");
    const target = tf.tensor1d([0, 2], "int32");
    const weighted = (w: number[]) => numbers(lossOf(target, several(), tf.tensor1d(w)))[0]!;
    expect(weighted([1, 1])).toBeCloseTo(numbers(lossOf(target, several()))[0]!, 6);
    expect(weighted([3, 0]) + weighted([0, 5])).toBeCloseTo(weighted([3, 5]), 5);
    expect(() => weighted([1, -1])).toThrow(
      "Sample weights: expected a finite number from 0 for each of 2 examples, received -1 for example 1.",
    );
    expect(() => weighted([1])).toThrow("received 1 of them");
  });

  test("outputs of several rows an example, and of several outputs a model", async () => {
    const input = tf.input({ shape: [3, 2] });
    const [a, b] = ["a", "b"].map((name) =>
      bioDense({ rule: "bp", units: 2, name, kernelInitializer: "ones" }).apply(input),
    ) as [tf.SymbolicTensor, tf.SymbolicTensor];
    const model = tf.model({ inputs: input, outputs: [a, b] });
    const [mse, ce] = [loss("meanSquaredError"), loss("sigmoidCrossEntropy")];
    model.compile({ optimizer: tf.train.sgd(0), loss: [mse, ce] });
    const xs = tf.reshape(tf.range(0, 12), [2, 3, 2]);
    const ys = tf.zerosLike(xs);
    const { history } = await model.fit(xs, [ys, ys], { verbose: 0 });
    const [outputA, outputB] = model.predict(xs) as [tf.Tensor, tf.Tensor];
    expect(history.a_loss![0]).toBeCloseTo(numbers(mse(ys, outputA))[0]!, 4);
    expect(history.b_loss![0]).toBeCloseTo(numbers(ce(ys, outputB))[0]!, 4);
  });
});

describe("what cannot be learnt from is refused", () => {
  const oneHot = () => tf.oneHot(tf.tensor1d([0, 1], "int32"), 2);

  test.each(["wasm", "cpu"])("no examples, on %s", async (backend) => {
    await tf.setBackend(backend);
    const none = [tf.zeros([0, 3]), tf.zeros([0, 2])] as const;
    for (const what of [loss("softmaxCrossEntropy"), "categoricalCrossentropy"]) {
      const layers = [denseDFAHidden({ units: 4, inputShape: [3] }), denseDFAOutput({ units: 2 })];
      const model = tf.sequential({ layers });
      model.compile({ optimizer: "sgd", loss: what as string });
      await expect(model.trainOnBatch(...none)).rejects.toThrow(
        "expected at least one example to learn from, received none.",
      );
      for (const weight of model.getWeights())
        expect(numbers(weight).every(Number.isFinite)).toBe(true);
    }
    const [inputs, targets] = none;
    expect(() => loss("softmaxCrossEntropy")(targets, tf.zeros([0, 2]))).toThrow(
      'Loss "softmaxCrossEntropy": expected at least one example, received none.',
    );
    const layer = bioDense({ rule: "bp", units: 2, inputShape: [3] });
    layer.build([null, 3]);
    const withoutTraining = () => tf.mean(layer.apply(inputs) as tf.Tensor) as tf.Scalar;
    if (backend === "cpu")
      expect(() => tf.variableGrads(withoutTraining)).toThrow("at least one example to learn from");
    await tf.setBackend("wasm");
  });

  test("labels that are NaN", () => {
    const logits = tf.zeros([2, 3]);
    expect(() => loss("softmaxCrossEntropy")(tf.tensor1d([Number.NaN, 1]), logits)).toThrow(
      "received a target of shape [2] with NaN in row 0.",
    );
  });

  test("targets that are no numbers", () => {
    expect(() => loss("softmaxCrossEntropy")(tf.tensor1d(["a", "b"]), tf.zeros([2, 3]))).toThrow(
      "received a target of shape [2] of type string.",
    );
  });

  describe("on a GPU, once their values are there", () => {
    beforeEach(async () => {
      // A backend of that name whose tensors are not there at once for TensorFlow.js's tests of what is on a GPU.
      if (tf.findBackend("webgpu") === null) {
        tf.copyRegisteredKernels("cpu", "webgpu");
        tf.registerBackend("webgpu", () => new tf.MathBackendCPU());
      }
      await tf.setBackend("webgpu");
    });

    test("at the next call", async () => {
      const lossOf = loss("softmaxCrossEntropy");
      const bad = tf.tensor1d([0, 7], "int32");
      lossOf(bad, tf.zeros([2, 2]));
      await bad.data();
      await Promise.resolve();
      expect(() => lossOf(oneHot(), tf.zeros([2, 2]))).toThrow("with 7 in row 1");
      expect(lossOf(oneHot(), tf.zeros([2, 2])).shape).toEqual([]);
      await tf.setBackend("wasm");
    });
  });
});
