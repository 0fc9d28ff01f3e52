import type { LossName } from "@bioflax/core";
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  binaryAccuracy,
  bioActivation,
  bioConv2d,
  bioNetwork,
  denseDFAHidden,
  denseDFAOutput,
  denseFA,
  errorSource,
  loss,
} from "../index";
import "../../test/backends";

beforeAll(() => tf.setBackend("cpu"));

let warn: ReturnType<typeof jest.spyOn>;
beforeEach(() => {
  warn = jest.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => warn.mockRestore());
const warnings = () => warn.mock.calls.map(([text]: unknown[]) => text as string);

const compile = (model: tf.LayersModel, name: LossName, metrics: unknown = []) => {
  model.compile({ optimizer: "sgd", loss: loss(name), metrics: metrics as string[] });
  return model;
};
const fa = (activation: "softmax" | "sigmoid" | "identity", units = 3) =>
  tf.sequential({ layers: [denseFA({ units, activation, inputShape: [2], name: "out" })] });

describe("an output activation that the loss takes itself is spoken of, once", () => {
  test.each<[string, () => tf.LayersModel, LossName]>([
    ["softmax", () => fa("softmax"), "softmaxCrossEntropy"],
    ["sigmoid", () => fa("sigmoid"), "sigmoidCrossEntropy"],
    [
      "an output layer of a direct rule",
      () =>
        tf.sequential({
          layers: [
            denseDFAHidden({ units: 2, inputShape: [2] }),
            denseDFAOutput({ units: 3, activation: "softmax", name: "out" }),
          ],
        }),
      "softmaxCrossEntropy",
    ],
    [
      "a layer of its own, and what changes nothing after it",
      () =>
        tf.sequential({
          layers: [
            denseFA({ units: 3, inputShape: [2] }),
            bioActivation({ activation: "softmax", name: "out" }),
            errorSource(),
          ],
        }),
      "softmaxCrossEntropy",
    ],
    [
      "TensorFlow.js's own",
      () =>
        tf.sequential({
          layers: [
            tf.layers.dense({ units: 3, inputShape: [2], activation: "softmax", name: "out" }),
          ],
        }),
      "softmaxCrossEntropy",
    ],
    [
      "TensorFlow.js's layer of its own, in a nested model",
      () =>
        tf.sequential({
          layers: [
            tf.sequential({
              layers: [denseFA({ units: 3, inputShape: [2] }), tf.layers.softmax({ name: "out" })],
            }),
          ],
        }),
      "softmaxCrossEntropy",
    ],
  ])("%s", async (_name, make, name) => {
    const model = compile(make(), name);
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toContain(
      `the output layer "out" has the activation ${name.replace("CrossEntropy", "")}, and the loss "${name}" takes logits`,
    );
    expect(warnings()[0]).toContain("leave the activation out");
    compile(model, name);
    await model.fit(tf.ones([2, 2]), tf.oneHot(tf.tensor1d([0, 1], "int32"), 3), {
      verbose: 0,
      epochs: 2,
    });
    expect(warnings()).toHaveLength(1);
    compile(make(), name);
    expect(warnings()).toHaveLength(2);
  });

  test("by output, where there are several", () => {
    const input = tf.input({ shape: [2] });
    const outputs = (["identity", "softmax"] as const).map(
      (activation, i) =>
        denseFA({ units: 3, activation, name: `end${i}` }).apply(input) as tf.SymbolicTensor,
    );
    const model = tf.model({ inputs: input, outputs });
    const [one, other] = [loss("meanSquaredError"), loss("softmaxCrossEntropy")];
    model.compile({ optimizer: "sgd", loss: [other, one] });
    expect(warnings()).toEqual([]);
    model.compile({ optimizer: "sgd", loss: { end0: one, end1: other } });
    expect(warnings()).toEqual([expect.stringContaining('"end1" has the activation softmax')]);
  });

  test.each<[string, () => tf.LayersModel]>([
    ["no activation", () => compile(fa("identity"), "softmaxCrossEntropy", ["accuracy"])],
    ["another activation", () => compile(fa("sigmoid"), "softmaxCrossEntropy")],
    ["a loss of values", () => compile(fa("softmax"), "meanSquaredError")],
    [
      "a loss of TensorFlow.js's",
      () => {
        const model = fa("softmax");
        model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
        return model;
      },
    ],
  ])("nothing is said of %s", (_name, act) => {
    act();
    expect(warnings()).toEqual([]);
  });
});

describe("TensorFlow.js's accuracy of one logit", () => {
  test.each<[string, unknown, number]>([
    ["by name", ["accuracy"], 1],
    ["in short", "acc", 1],
    ["of several labels", ["binaryAccuracy"], 3],
    ["as a function", [tf.metrics.binaryAccuracy], 1],
    ["by output", { out: "accuracy" }, 1],
  ])("is spoken of, once: %s", (_name, metrics, units) => {
    const model = compile(fa("identity", units), "sigmoidCrossEntropy", metrics);
    compile(model, "sigmoidCrossEntropy", metrics);
    expect(warnings()).toEqual([
      'bioflax: TensorFlow.js\'s accuracy of the output layer "out" takes 0.5 for the border between two classes, and the loss ' +
        '"sigmoidCrossEntropy" takes logits, whose border is 0. Measure bioflax\'s: metrics: [binaryAccuracy], from @bioflax/layers.',
    ]);
  });

  test("is bioflax's by the sign, of one logit and of several labels", () => {
    const of = (target: number[][], output: number[][]) =>
      binaryAccuracy(tf.tensor2d(target), tf.tensor2d(output)).dataSync()[0];
    expect(of([[0], [1], [1], [0]], [[-3], [3], [0.2], [0.2]])).toBe(0.75);
    expect(of([[1, 0, 1]], [[0.1, 0.4, -2]])).toBeCloseTo(1 / 3, 6);
    expect(tf.metrics.binaryAccuracy(tf.tensor2d([[1]]), tf.tensor2d([[0.2]])).dataSync()[0]).toBe(
      0,
    );
  });

  test("is none of bioflax's", () => {
    compile(fa("identity", 1), "sigmoidCrossEntropy", [binaryAccuracy]);
    expect(warnings()).toEqual([]);
  });
});

describe("summary shows each layer's rule", () => {
  const summary = (model: tf.LayersModel) => {
    const printed: string[] = [];
    model.summary(undefined, undefined, (line: string) => printed.push(line));
    return printed.join("\n");
  };
  test("and kind, whole, whatever it is called", async () => {
    const model = bioNetwork({ mode: "dfa", hiddenLayers: [3], units: 2, inputShape: [4] });
    expect(summary(model)).toContain("layers.0 (dense, dfa)");
    expect(summary(model)).toContain("layers.1 (dense, dfa)");
    const long = tf.sequential({
      layers: [
        bioConv2d({
          rule: "brsf",
          filters: 1,
          kernelSize: 1,
          inputShape: [2, 2, 1],
          name: "a-long-name-of-a-layer-of-a-model",
        }),
        tf.layers.flatten(),
        denseFA({ units: 1 }),
      ],
    });
    const text = summary(long);
    expect(text).toContain("a-long-name-of-a-layer-of-a-model (conv2d, brsf)");
    expect(text).toMatch(/bioflax_dense_BioflaxDense\d+ \(dense, fa\)/);
    // What is saved is what it was.
    expect(long.layers[0]!.getClassName()).toBe("BioflaxConv2d");
  });
});
