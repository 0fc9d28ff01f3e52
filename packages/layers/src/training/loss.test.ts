import { float64Tensor, getLoss, referenceOps } from "@bioflax/core";
import { relativeError, tensor } from "@bioflax/core/testing";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { loss } from "../index";
import "../../test/backends";

beforeAll(() => tf.setBackend("wasm"));

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

  test.each<["softmaxCrossEntropy" | "sigmoidCrossEntropy"]>([
    ["softmaxCrossEntropy"],
    ["sigmoidCrossEntropy"],
  ])("%s with smoothed labels is TensorFlow.js's own", (name) => {
    const logits = tf.randomNormal([5, 4], 0, 2, "float32", 3);
    const labels = tf.tensor1d([2, 0, 3, 1, 1], "int32");
    const rows = tf.oneHot(labels, 4).toFloat();
    const theirs = (z: tf.Tensor) =>
      name === "softmaxCrossEntropy"
        ? tf.losses.softmaxCrossEntropy(rows, z, undefined, 0.2)
        : tf.losses.sigmoidCrossEntropy(rows, z, undefined, 0.2);
    for (const ours of [
      loss(name, { labelSmoothing: 0.2 }),
      loss({ name, labelSmoothing: 0.2 }),
      loss({ name, labelSmoothing: 0.9 }, { labelSmoothing: 0.2 }),
    ]) {
      expect(ours(labels, logits).dataSync()[0]).toBeCloseTo(theirs(logits).dataSync()[0]!, 5);
      const [received, expected] = [(z: tf.Tensor) => ours(rows, z), theirs].map((of) =>
        tensor(tf.grad(of)(logits).dataSync(), [5, 4]),
      );
      expect(relativeError(received!, expected!)).toBeLessThan(1e-5);
    }
  });

  test("inputs moved up the loss are not for fit, which has none to move", () => {
    const given = { name: "softmaxCrossEntropy", adversarialEps: 0.1 } as const;
    expect(() => loss(given)).toThrow(
      'Loss "softmaxCrossEntropy": expected no adversarialEps, received 0.1: a loss that fit calls cannot move the inputs it comes from.',
    );
  });

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
