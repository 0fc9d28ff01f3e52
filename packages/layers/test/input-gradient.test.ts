import type { RuleName } from "@bioflax/core";
import { beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { convert, loss, toLayersModel } from "../src/index";
import "./backends";

beforeAll(() => tf.setBackend("cpu"));

const x = () => tf.randomNormal([2, 4], 0, 1, "float32", 1);
const target = () => tf.tensor2d([1, 0, 0, 1], [2, 2]);

/** The gradient of the loss at the input. */
const gradientOf = (model: tf.LayersModel) => [
  ...tf
    .grad((input) => loss("softmaxCrossEntropy")(target(), model.apply(input) as tf.Tensor))(x())
    .dataSync(),
];

test.each<[RuleName, "true" | "of its own" | "zero"]>([
  ["bp", "true"],
  ["fa", "of its own"],
  ["kp", "of its own"],
  ["usf", "of its own"],
  ["dfa", "zero"],
  ["sdfa", "zero"],
  ["dkp", "zero"],
  ["drtp", "zero"],
])(
  "the gradient at the input under %s is %s; that of toLayersModel is the true one",
  (rule, what) => {
    const plain = tf.sequential({
      layers: [
        tf.layers.dense({ units: 5, activation: "tanh", inputShape: [4] }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const { model } = convert(plain, { rule });
    const [truth, own, back] = [plain, model, toLayersModel(model)].map(gradientOf);
    const isClose = (a: number[], b: number[]) =>
      a.every((value, i) => Math.abs(value - b[i]!) < 1e-6);
    expect(isClose(back!, truth!)).toBe(true);
    expect(isClose(own!, truth!)).toBe(what === "true");
    expect(own!.every((value) => value === 0)).toBe(what === "zero");
  },
);
