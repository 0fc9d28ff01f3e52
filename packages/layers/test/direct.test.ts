import type { RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { bioDense, denseDFAHidden, denseDFAOutput, loss } from "../src/index";
import { BACKENDS } from "./backends";
import { each, expectClose, flip, hadamard, type Matrix, matrix, minus, times } from "./matrices";

type Layer = ReturnType<typeof bioDense>;

const CLASSES = 3;
const labels = [2, 0, 1, 2];
const oneHot: Matrix = labels.map((label) => [0, 1, 2].map((j) => (j === label ? 1 : 0)));
const softmax = (z: Matrix): Matrix => matrix(tf.softmax(tf.tensor2d(z)));
/** What each rule's output sends, given the error of a batch of four: softmax(z) − t or its part −t, over 4. */
const messages: Record<string, (error: Matrix) => Matrix> = {
  dfa: (error) => error,
  sdfa: each((e) => Math.sign(e) / 4),
  dkp: (error) => error,
  drtp: () => each((t) => -t / 4)(oneHot),
};

const weightOf = (layer: Layer, role: "kernel" | "feedback") =>
  matrix(layer.variables[role]!.read());
const nameOf = (layer: Layer, role: "kernel" | "feedback") => layer.variables[role]!.name;
const hidden = (rule: RuleName, options = {}) =>
  bioDense({ rule, units: 6, activation: "sigmoid", ...options });
const slope = each((y) => y * (1 - y));
const sigmoid = each((a) => 1 / (1 + Math.exp(-a)));

describe.each(BACKENDS)("%s", (backend) => {
  let x: tf.Tensor2D;
  let t: tf.Tensor1D;
  beforeAll(async () => {
    await tf.setBackend(backend);
    x = tf.randomNormal([4, 5], 0, 1, "float32", 3);
    t = tf.tensor1d(labels, "int32");
  });

  /** Two hidden layers of a rule under an output layer, and the gradients of a loss of theirs. */
  function run(rule: RuleName, lossOf: (target: tf.Tensor, output: tf.Tensor) => tf.Scalar) {
    const layers = [
      hidden(rule, { inputShape: [5] }),
      hidden(rule),
      denseDFAOutput({ units: CLASSES }),
    ] as const;
    const model = tf.sequential({ layers: [...layers] });
    const { grads } = tf.variableGrads(() =>
      lossOf(t, model.apply(x, { training: true }) as tf.Tensor),
    );
    const y1 = sigmoid(times(matrix(x), weightOf(layers[0], "kernel")));
    const y2 = sigmoid(times(y1, weightOf(layers[1], "kernel")));
    const z = times(y2, weightOf(layers[2], "kernel"));
    const error = each((e) => e / 4)(minus(softmax(z), oneHot));
    return { layers, grads, y1, y2, error };
  }

  test.each(Object.keys(messages) as RuleName[])(
    "%s: δ = φ′ ⊙ (what the output sends)·Bᵀ, ∂W = hᵀδ",
    (rule) => {
      const { layers, grads, y1, y2, error } = run(rule, loss("softmaxCrossEntropy"));
      const message = messages[rule]!(error);
      const delta = (layer: Layer, y: Matrix) =>
        hadamard(times(message, flip(weightOf(layer, "feedback"))), slope(y));
      expectClose(
        grads[nameOf(layers[0], "kernel")]!,
        times(flip(matrix(x)), delta(layers[0], y1)),
      );
      expectClose(grads[nameOf(layers[1], "kernel")]!, times(flip(y1), delta(layers[1], y2)));
      expectClose(grads[nameOf(layers[2], "kernel")]!, times(flip(y2), error));
    },
  );

  test("dkp: ∂B = yᵀ·e, and the output layer has no B", () => {
    const { layers, grads, y1, y2, error } = run("dkp", loss("softmaxCrossEntropy"));
    expectClose(grads[nameOf(layers[0], "feedback")]!, times(flip(y1), error));
    expectClose(grads[nameOf(layers[1], "feedback")]!, times(flip(y2), error));
    expect(layers[2].variables.feedback).toBeUndefined();
  });

  describe("drtp", () => {
    const kernelOf = ({ layers, grads }: ReturnType<typeof run>, factor = 1) =>
      each((g) => g * factor)(matrix(grads[nameOf(layers[1], "kernel")]!));
    const one = (name: "softmaxCrossEntropy" | "sigmoidCrossEntropy") => loss(name);

    /** ∂W of the second layer for a message, so that losses can be mixed. */
    const expected = ({ layers, y1, y2 }: ReturnType<typeof run>, share: number) =>
      times(
        flip(y1),
        hadamard(
          times(each((v) => -v * share)(oneHot), flip(weightOf(layers[1], "feedback"))),
          slope(y2),
        ),
      );

    test("the target is scaled as the loss is, and summed over the losses of one output", () => {
      const scaled = run("drtp", (target, output) =>
        tf.mul(one("softmaxCrossEntropy")(target, output), 3),
      );
      expectClose(kernelOf(scaled), expected(scaled, 3 / 4));
      const both = run("drtp", (target, output) =>
        tf.add(
          one("softmaxCrossEntropy")(target, output),
          tf.mul(one("sigmoidCrossEntropy")(target, output), 2),
        ),
      );
      expectClose(kernelOf(both), expected(both, 1 / 4 + 2 / 4));
    });

    test("a loss of another output in the same pass is no matter", () => {
      const alone = run("drtp", one("softmaxCrossEntropy"));
      const other = tf.variable(tf.ones([4, CLASSES]));
      const beside = run("drtp", (target, output) =>
        tf.addN([
          loss("sigmoidCrossEntropy")(target, other),
          loss("softmaxCrossEntropy")(target, output),
          loss("meanSquaredError")(tf.zeros([4, CLASSES]), other),
        ]),
      );
      expectClose(kernelOf(alone), expected(alone, 1 / 4));
      expectClose(kernelOf(beside), expected(beside, 1 / 4));
      other.dispose();
    });

    test("two output layers, each with hidden layers and a loss of its own", () => {
      const branch = (name: string) => {
        const layers = [
          hidden("drtp", { inputShape: [5], name: `${name}-h` }),
          denseDFAOutput({ units: CLASSES, name: `${name}-o` }),
        ] as const;
        return { layers, model: tf.sequential({ layers: [...layers] }) };
      };
      const [a, b] = [branch(`a-${backend}`), branch(`b-${backend}`)];
      const flipped = tf.tensor1d([0, 1, 2, 0], "int32");
      const lossA = () => one("softmaxCrossEntropy")(t, a.model.apply(x) as tf.Tensor);
      const lossB = () => one("sigmoidCrossEntropy")(flipped, b.model.apply(x) as tf.Tensor);
      const { grads } = tf.variableGrads(() => tf.add(lossA(), lossB()));
      const alone = { ...tf.variableGrads(lossA).grads, ...tf.variableGrads(lossB).grads };
      for (const { layers } of [a, b])
        for (const layer of layers)
          expect(grads[nameOf(layer, "kernel")]!.dataSync()).toEqual(
            alone[nameOf(layer, "kernel")]!.dataSync(),
          );
    });

    test("outputs of rank 3 are taken row by row", () => {
      const gradient = (shape: number[], inputShape: number[], name: string) => {
        const layer = hidden("drtp", { inputShape, name: `rows-h-${backend}` });
        const model = tf.sequential({
          layers: [layer, denseDFAOutput({ units: CLASSES, name: `rows-${name}-${backend}` })],
        });
        const { grads } = tf.variableGrads(() =>
          one("softmaxCrossEntropy")(t, model.apply(tf.reshape(x, shape)) as tf.Tensor),
        );
        return matrix(grads[nameOf(layer, "kernel")]!);
      };
      expectClose(gradient([2, 2, 5], [2, 5], "stacked"), gradient([4, 5], [5], "flat"));
    });
  });

  test("an output layer with a rule of its own sends errors down by it, to a layer that waits for one", () => {
    const layers = [
      denseDFAHidden({ units: 6, inputShape: [5], activation: "sigmoid" }),
      bioDense({ rule: "bp", units: 6, activation: "sigmoid" }),
      denseDFAOutput({ units: CLASSES, rule: "fa" }),
    ] as const;
    const model = tf.sequential({ layers: [...layers] });
    const { grads } = tf.variableGrads(() =>
      loss("softmaxCrossEntropy")(t, model.apply(x) as tf.Tensor),
    );
    const y1 = sigmoid(times(matrix(x), weightOf(layers[0], "kernel")));
    const y2 = sigmoid(times(y1, weightOf(layers[1], "kernel")));
    const z = times(y2, weightOf(layers[2], "kernel"));
    const error = each((e) => e / 4)(minus(softmax(z), oneHot));
    const chained = hadamard(times(error, flip(weightOf(layers[2], "feedback"))), slope(y2));
    expectClose(grads[nameOf(layers[1], "kernel")]!, times(flip(y1), chained));
    const straight = hadamard(times(error, flip(weightOf(layers[0], "feedback"))), slope(y1));
    expectClose(grads[nameOf(layers[0], "kernel")]!, times(flip(matrix(x)), straight));
  });
});
