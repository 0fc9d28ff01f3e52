import type { RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioConv2d,
  bioDense,
  bioMaxPooling2d,
  bioNetwork,
  convert,
  type DirectHidden,
  denseDFAHidden,
  denseDFAOutput,
  directFeedback,
  errorSource,
  linkModel,
  loss,
  optimizer,
  readWeights,
  toSpec,
  writeWeights,
} from "../src/index";
import { artifactsOf } from "./artifacts";
import {
  each,
  expectClose,
  flip,
  hadamard,
  type Matrix,
  matrix,
  minus,
  plus,
  times,
} from "./matrices";
import "./backends";

let zeros: tf.Tensor2D;
let classes: tf.Tensor1D;
let steps: tf.Tensor;
beforeAll(async () => {
  await tf.setBackend("cpu");
  zeros = tf.zeros([ROWS, 2]);
  classes = tf.tensor1d(labels, "int32");
  steps = tf.randomNormal([ROWS, 3, 5], 0, 1, "float32", 3);
});

const ROWS = 4;
const x = () => tf.randomNormal([ROWS, 5], 0, 1, "float32", 3) as tf.Tensor2D;
const labels = [2, 0, 1, 2];
const oneHot: Matrix = labels.map((label) => [0, 1, 2].map((j) => (j === label ? 1 : 0)));
const softmax = (z: Matrix): Matrix => matrix(tf.softmax(tf.tensor2d(z)));
const slope = each((y) => y * (1 - y));
const sigmoid = each((a) => 1 / (1 + Math.exp(-a)));

let models = 0;
/** A hidden layer under two output layers, of three and of two units. */
function twoOutputs(rule: RuleName, ids = models++) {
  const input = tf.input({ shape: [5] });
  const hidden = bioDense({
    rule,
    units: 6,
    activation: "sigmoid",
    name: `h${ids}`,
  }) as DirectHidden;
  const at = hidden.apply(input) as tf.SymbolicTensor;
  const heads = [3, 2].map((units, i) => denseDFAOutput({ units, name: `o${ids}.${i}` }));
  const outputs = heads.map((head) => head.apply(at) as tf.SymbolicTensor);
  return { hidden, heads, model: tf.model({ inputs: input, outputs }) };
}
type Two = ReturnType<typeof twoOutputs>;

const messages: Record<string, (error: Matrix) => Matrix> = {
  dfa: (error) => error,
  sdfa: each((e) => Math.sign(e) / ROWS),
  dkp: (error) => error,
};

/** What the hidden layer's kernel learns from each of the outputs, and what its error is. */
function expected({ hidden, heads }: Two, rule: RuleName) {
  const y = sigmoid(times(matrix(x()), matrix(hidden.variables.kernel!.read())));
  const z = heads.map((head) => times(y, matrix(head.variables.kernel!.read())));
  const errors = [each((e) => e / ROWS)(minus(softmax(z[0]!), oneHot)), each((v) => v / 8)(z[1]!)];
  const delta = (rule === "drtp" ? errors.slice(0, 1) : errors).map((error, i) =>
    times(
      rule === "drtp" ? each((t) => -t / ROWS)(oneHot) : messages[rule]!(error),
      flip(matrix(hidden.feedbackVariables[i]!.variable.read())),
    ),
  );
  const kernel = (sent: Matrix) => times(flip(matrix(x())), hadamard(sent, slope(y)));
  return { y, errors, delta, kernel };
}
const first = (two: Two) => () =>
  loss("softmaxCrossEntropy")(classes, (two.model.apply(x()) as tf.Tensor[])[0]!);
const second = (two: Two) => () =>
  loss("meanSquaredError")(zeros, (two.model.apply(x()) as tf.Tensor[])[1]!);
const kernelOf = ({ hidden }: Two, grads: tf.NamedTensorMap) =>
  grads[hidden.variables.kernel!.name] as tf.Tensor;

describe("several outputs under a rule whose errors come straight from them", () => {
  test.each(Object.keys(messages) as RuleName[])("%s: δ = e₁·B₁ᵀ + e₂·B₂ᵀ", (rule) => {
    const two = twoOutputs(rule);
    const { grads } = tf.variableGrads(() => tf.add(first(two)(), second(two)()) as tf.Scalar);
    const { y, errors, delta, kernel } = expected(two, rule);
    expectClose(kernelOf(two, grads), kernel(plus(delta[0]!, delta[1]!)));
    const [b1, b2] = two.hidden.feedbackVariables.map(({ variable }) => variable);
    expect([b1!.shape, b2!.shape]).toEqual([
      [6, 3],
      [6, 2],
    ]);
    expect(b1!.read().dataSync().slice(0, 2)).not.toEqual(b2!.read().dataSync().slice(0, 2));
    if (rule !== "dkp") return;
    expectClose(grads[b1!.name]!, times(flip(y), errors[0]!));
    expectClose(grads[b2!.name]!, times(flip(y), errors[1]!));
  });

  test.each<RuleName>(["dfa", "sdfa", "dkp"])(
    "%s: a loss of one sends that one's error",
    (rule) => {
      const two = twoOutputs(rule);
      // The errors of a pass before must not be taken for this one's.
      tf.dispose(tf.variableGrads(() => tf.add(first(two)(), second(two)()) as tf.Scalar).grads);
      for (const [i, lossOf] of [first(two), second(two)].entries()) {
        const { delta, kernel } = expected(two, rule);
        expectClose(kernelOf(two, tf.variableGrads(lossOf).grads), kernel(delta[i]!));
      }
    },
  );

  test("drtp: the target of the output that has one", () => {
    const two = twoOutputs("drtp");
    const { delta, kernel } = expected(two, "drtp");
    expectClose(kernelOf(two, tf.variableGrads(first(two)).grads), kernel(delta[0]!));
    expect(() => tf.variableGrads(second(two))).toThrow(
      'with the loss "meanSquaredError" the target says',
    );
  });

  test("are trained by fit, saved and loaded, and go on as they would have", async () => {
    const two = twoOutputs("dkp");
    const compile = (model: tf.LayersModel) =>
      model.compile({
        optimizer: optimizer({ name: "sgd", learningRate: 0.1 }),
        loss: [loss("softmaxCrossEntropy"), loss("meanSquaredError")],
      });
    const fit = (model: tf.LayersModel) =>
      model.fit(x(), [tf.tensor2d(oneHot), zeros], { epochs: 2, verbose: 0, shuffle: false });
    compile(two.model);
    await fit(two.model);
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(await artifactsOf(two.model)));
    compile(loaded);
    const [a, b] = [await fit(two.model), await fit(loaded)];
    expect(b.history).toEqual(a.history);
    const values = (model: tf.LayersModel) => model.getWeights().map((w) => w.arraySync());
    expect(values(loaded)).toEqual(values(two.model));
  });

  test("have their feedback weights under names of their own, read and written", async () => {
    const [a, b] = [twoOutputs("dfa"), twoOutputs("dfa")];
    const weights = await readWeights(a.model);
    const names = a.heads.map(({ name }) => `layers.0.feedback.${name}`);
    expect(Object.keys(weights)).toEqual(expect.arrayContaining(names));
    const renamed = Object.fromEntries(
      Object.entries(weights).map(([name, value]) => [
        name
          .replace(a.heads[0]!.name, b.heads[0]!.name)
          .replace(a.heads[1]!.name, b.heads[1]!.name),
        value,
      ]),
    );
    writeWeights(b.model, renamed);
    const feedback = ({ hidden }: Two) =>
      hidden.feedbackVariables.map(({ variable }) => variable.read().arraySync());
    expect(feedback(b)).toEqual(feedback(a));
  });

  test.each<RuleName>(["dfa", "sdfa", "dkp"])("convert: %s", async (rule) => {
    const input = tf.input({ shape: [5] });
    const hidden = ["h", "g"].reduce(
      (at, name) =>
        tf.layers.dense({ units: 6, activation: "tanh", name }).apply(at) as tf.SymbolicTensor,
      input,
    );
    const outputs = ["o1", "o2"].map(
      (name, i) => tf.layers.dense({ units: 3 - i, name }).apply(hidden) as tf.SymbolicTensor,
    );
    const { model } = convert(tf.model({ inputs: input, outputs }), { rule });
    const before = model.layers.map((layer) => layer.getWeights()[0]?.arraySync());
    model.compile({
      optimizer: optimizer({ name: "sgd", learningRate: 0.1 }),
      loss: [loss("softmaxCrossEntropy"), loss("meanSquaredError")],
    });
    await model.fit(x(), [tf.tensor2d(oneHot), zeros], { verbose: 0 });
    const learnt = model.layers.filter(
      (layer, i) =>
        before[i] !== undefined &&
        JSON.stringify(before[i]) !== JSON.stringify(layer.getWeights()[0]!.arraySync()),
    );
    expect(learnt.map(({ name }) => name)).toEqual(["h", "g", "o1", "o2"]);
  });

  test("a size that was told and is another is refused for each", () => {
    const layer = denseDFAHidden({
      units: 4,
      name: "told",
      outputUnits: [
        { name: "a", units: 3 },
        { name: "b", units: 2 },
      ],
    });
    const symbol = layer.apply(tf.input({ shape: [3] })) as tf.SymbolicTensor;
    denseDFAOutput({ units: 2, name: "b" }).apply(symbol);
    expect(() => denseDFAOutput({ units: 2, name: "a" }).apply(symbol)).toThrow(
      'Layer "told": expected outputUnits to be those of its output layer "a", 2, received 3.',
    );
    expect(() =>
      denseDFAHidden({ units: 4, name: "told", outputUnits: [{ name: "a", units: 0 }] }),
    ).toThrow('Layer "told": expected outputUnits to be a positive whole number, received 0.');
  });
});

describe("a head is exchanged", () => {
  const compile = (model: tf.LayersModel) =>
    model.compile({
      optimizer: optimizer({ name: "sgd", learningRate: 0.1 }),
      loss: loss("softmaxCrossEntropy"),
    });
  const targets = (units: number) => tf.oneHot(tf.tensor1d([0, 1, 0, 1], "int32"), units).toFloat();
  const fit = async (model: tf.LayersModel, units: number) => {
    compile(model);
    const kernels = () => model.layers.map((layer) => layer.weights[0]?.read().arraySync());
    const before = kernels();
    await model.fit(x(), targets(units), { epochs: 2, verbose: 0 });
    return kernels().map((kernel, i) => JSON.stringify(kernel) !== JSON.stringify(before[i]));
  };
  const network = (mode: RuleName) =>
    bioNetwork({ mode, hiddenLayers: [6, 4], activations: "tanh", units: 3, inputShape: [5] });

  test.each<RuleName>(["dfa", "sdfa", "dkp", "drtp"])("%s: by pop and add", async (mode) => {
    const model = network(mode);
    await fit(model, 3);
    const tensors = tf.memory().numTensors;
    model.pop();
    model.add(denseDFAOutput({ units: 2, rule: mode, name: "layers.2" }));
    // Old feedback weights are freed; the layer taken off still has its own two.
    expect(tf.memory().numTensors).toBe(tensors + 2);
    expect(model.layers.map((layer) => layer.weights.map(({ shape }) => shape))).toEqual([
      [[5, 6], [6], [6, 2]],
      [[6, 4], [4], [4, 2]],
      [[4, 2], [2]],
    ]);
    expect(await fit(model, 2)).toEqual([true, true, true]);
    // As a new network of that size has them, whatever was there before.
    if (mode !== "dkp") {
      const { spec, weights } = await toSpec(model);
      expect(spec.layers.at(-1)).toMatchObject({ units: 2 });
      const fresh = await readWeights(
        bioNetwork({ mode, hiddenLayers: [6, 4], activations: "tanh", units: 2, inputShape: [5] }),
      );
      expect(weights["layers.0.feedback"]).toEqual(fresh["layers.0.feedback"]);
    }
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(await artifactsOf(model)));
    expect(await fit(loaded, 2)).toEqual([true, true, true]);
    // And once more, in what was loaded, by one of the size that was there.
    (loaded as tf.Sequential).pop();
    (loaded as tf.Sequential).add(denseDFAOutput({ units: 2, rule: mode, name: "again" }));
    expect(await fit(loaded, 2)).toEqual([true, true, true]);
  });

  test("with a hidden layer below it", async () => {
    const model = network("dfa");
    model.pop();
    model.pop();
    model.add(denseDFAHidden({ units: 7, activation: "tanh" }));
    model.add(denseDFAOutput({ units: 2 }));
    expect(await fit(model, 2)).toEqual([true, true, true]);
    expect(model.layers[0]!.weights.map(({ shape }) => shape)).toEqual([[5, 6], [6], [6, 2]]);
  });

  test("and the layer at which errors arrive", async () => {
    const image = tf.ones([ROWS, 6, 6, 1]);
    const convolution = bioConv2d({
      rule: "dfa",
      filters: 2,
      kernelSize: 3,
      inputShape: [6, 6, 1],
    });
    const model = tf.sequential({
      layers: [
        convolution,
        bioMaxPooling2d(),
        directFeedback(),
        tf.layers.flatten(),
        denseDFAOutput({ units: 3 }),
      ],
    });
    const train = async (units: number) => {
      compile(model);
      const before = convolution.getWeights()[0]!.arraySync();
      await model.fit(image, targets(units), { verbose: 0 });
      return JSON.stringify(convolution.getWeights()[0]!.arraySync()) !== JSON.stringify(before);
    };
    expect(await train(3)).toBe(true);
    for (let i = 0; i < 3; i++) model.pop();
    for (const layer of [directFeedback(), tf.layers.flatten(), denseDFAOutput({ units: 2 })])
      model.add(layer);
    expect(await train(2)).toBe(true);
    for (let i = 0; i < 3; i++) model.pop();
    for (const layer of [tf.layers.flatten(), denseDFAOutput({ units: 3 })]) model.add(layer);
    expect(await train(3)).toBe(true);
    expect(convolution.weights.map(({ shape }) => shape)).toEqual([[3, 3, 1, 2], [2], [32, 3]]);
  });

  test.each<RuleName>(["dfa", "sdfa", "dkp"])(
    "%s: in another model, beside the old one",
    async (mode) => {
      const base = network(mode);
      await fit(base, 3);
      const trunk = base.layers[1]!.output as tf.SymbolicTensor;
      const head = denseDFAOutput({ units: 2, rule: mode, name: `head-${mode}` });
      const outputs = head.apply(trunk) as tf.SymbolicTensor;
      const model = tf.model({ inputs: base.inputs, outputs });
      expect((await fit(model, 2)).slice(1)).toEqual([true, true, true]);
      expect(await fit(base, 3)).toEqual([true, true, true]);
      const { weights } = await toSpec(model);
      expect(weights["layers.0.feedback"]).toHaveLength(6 * 2);
      expect((await toSpec(base)).weights["layers.0.feedback"]).toHaveLength(6 * 3);
      const loaded = await tf.loadLayersModel(tf.io.fromMemory(await artifactsOf(model)));
      expect((await toSpec(loaded)).weights).toEqual((await toSpec(model)).weights);
      expect((await fit(loaded, 2)).slice(1)).toEqual([true, true, true]);
    },
  );

  test("in a nested model", async () => {
    const trunk = denseDFAHidden({
      units: 4,
      activation: "tanh",
      inputShape: [5],
      name: "nested-trunk",
    });
    const head = (units: number) =>
      tf.sequential({ layers: [denseDFAOutput({ units, inputShape: [4] })] });
    const model = tf.sequential({ layers: [trunk] });
    for (const units of [3, 2]) {
      model.add(head(units));
      linkModel(model);
      expect(trunk.weights.map(({ shape }) => shape)).toEqual([[5, 4], [4], [4, units]]);
      expect(await fit(model, units)).toEqual([true, true]);
      model.pop();
    }
  });

  test("for TensorFlow.js's own: the error says what helps, and it does", async () => {
    const base = network("dfa");
    const dense = tf.layers.dense({ units: 2 });
    const output = dense.apply(base.layers[1]!.output) as tf.SymbolicTensor;
    const bare = tf.model({ inputs: base.inputs, outputs: output });
    await expect(fit(bare, 2)).rejects.toThrow(
      'Layer "layers.1": its output layer "layers.2" had no part in this loss, so no error reaches it. Where another layer is the output now, ' +
        "make it a denseDFAOutput, or put errorSource() after it, or freeze this layer: trainable = false.",
    );
    const ended = tf.model({
      inputs: base.inputs,
      outputs: errorSource().apply(output) as tf.SymbolicTensor,
    });
    expect((await fit(ended, 2)).slice(1, 4)).toEqual([true, true, true]);
    for (const layer of base.layers) layer.trainable = false;
    expect((await fit(bare, 2)).slice(1)).toEqual([false, false, true]);
  });

  test("before the layer at which the error arrives: the error says what helps", () => {
    const convolution = bioConv2d({
      rule: "dfa",
      filters: 2,
      kernelSize: 3,
      inputShape: [6, 6, 1],
      name: "conv",
    });
    const layers = [
      convolution,
      directFeedback({ name: "at" }),
      tf.layers.flatten(),
      denseDFAOutput({ units: 3 }),
    ];
    const base = tf.sequential({ layers });
    const outputs = denseDFAOutput({ units: 2 }).apply(
      tf.layers.flatten().apply(convolution.output) as tf.SymbolicTensor,
    ) as tf.SymbolicTensor;
    const model = tf.model({ inputs: base.inputs, outputs });
    expect(() =>
      tf.variableGrads(() => tf.sum(model.apply(tf.ones([2, 6, 6, 1])) as tf.Tensor) as tf.Scalar),
    ).toThrow(
      'Layer "conv": its error arrives at "at", which had no part in this loss. Where the model goes on from another layer now, go on from that ' +
        "one, or freeze this layer: trainable = false.",
    );
  });
});

describe("tf.layers.timeDistributed around a layer that learns straight from the output", () => {
  const model = (isWrapped: boolean, name: string) => {
    const options = { units: 4, activation: "tanh", name } as const;
    const hidden = denseDFAHidden(isWrapped ? options : { ...options, inputShape: [3, 5] });
    const layer = isWrapped
      ? tf.layers.timeDistributed({ layer: hidden, inputShape: [3, 5] })
      : hidden;
    return {
      hidden,
      model: tf.sequential({ layers: [layer, denseDFAOutput({ units: 2, name: `${name}-out` })] }),
    };
  };
  const gradient = ({ hidden, model: of }: ReturnType<typeof model>) => {
    const { grads } = tf.variableGrads(() =>
      loss("meanSquaredError")(tf.ones([ROWS, 3, 2]), of.apply(steps) as tf.Tensor),
    );
    return matrix(grads[hidden.variables.kernel!.name]!);
  };

  test("does what the layer does without it", async () => {
    const [wrapped, bare] = [model(true, "steps"), model(false, "steps")];
    const expectedOutput = bare.model.predict(steps) as tf.Tensor;
    expectClose(
      tf.reshape(wrapped.model.predict(steps) as tf.Tensor, [-1, 2]),
      matrix(tf.reshape(expectedOutput, [-1, 2])),
    );
    expectClose(tf.tensor2d(gradient(wrapped)), gradient(bare));
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(await artifactsOf(wrapped.model)));
    loaded.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await expect(loaded.fit(steps, tf.ones([ROWS, 3, 2]), { verbose: 0 })).resolves.toBeDefined();
  });
});
