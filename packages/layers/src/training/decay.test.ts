import { describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { decays } from "../base/decay";
import { bioBatchNormalization, bioDense } from "../index";

const decaying = (layer: tf.layers.Layer) =>
  layer.weights.map((weight) => [
    weight.originalName.split("/").at(-1),
    decays(weight.read() as tf.Variable),
  ]);

function applied(layer: tf.layers.Layer): tf.layers.Layer {
  layer.apply(tf.input({ shape: [3] }));
  return layer;
}

describe("weight decay", () => {
  test.each([
    [
      bioDense({ rule: "kp", units: 2 }),
      [
        ["kernel", true],
        ["bias", false],
        ["feedback", true],
      ],
    ],
    [
      bioDense({ rule: "fa", units: 2 }),
      [
        ["kernel", true],
        ["bias", false],
        ["feedback", false],
      ],
    ],
    [
      tf.layers.dense({ units: 2 }),
      [
        ["kernel", true],
        ["bias", false],
      ],
    ],
  ] as const)("is for kernels and learned feedback: %#", (layer, expected) => {
    expect(decaying(applied(layer))).toEqual(expected);
  });

  test("is not for what normalises, whatever the layer is called", () => {
    const layer = applied(bioBatchNormalization({ name: "my_kernel" }));
    expect(decaying(layer).every(([, does]) => does === false)).toBe(true);
  });
});
