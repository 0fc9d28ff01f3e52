import type { RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioConv1d,
  bioConv2d,
  bioConv2dTranspose,
  bioDense,
  bioDepthwiseConv2d,
  bioLayerNormalization,
  bioPrelu,
  bioSeparableConv2d,
  denseDFAOutput,
  loss,
  toLayersModel,
} from "../src/index";
import { savedAndLoaded } from "./artifacts";
import "./backends";

beforeAll(async () => {
  await tf.setBackend("wasm");
});

const output = (rule: RuleName) =>
  rule === "dfa" ? denseDFAOutput({ units: 2 }) : bioDense({ rule, units: 2 });

describe.each<RuleName>(["fa", "dfa"])("%s", (rule) => {
  test.each<[string, () => tf.layers.Layer[]]>([
    ["bioConv1d", () => [bioConv1d({ rule, filters: 3, kernelSize: 7, inputShape: [9, 2] })]],
    [
      "bioDepthwiseConv2d, with weights of TensorFlow.js's shapes",
      () => [
        bioDepthwiseConv2d({
          ...{ rule, kernelSize: [2, 7], depthMultiplier: 2, inputShape: [5, 9, 3] },
          weights: [tf.ones([2, 7, 3, 2]), tf.zeros([6])],
        }),
        bioPrelu({ sharedAxes: [1, 2] }),
      ],
    ],
    [
      "bioConv2d in groups",
      () => [bioConv2d({ rule, filters: 4, kernelSize: 3, groups: 2, inputShape: [5, 6, 6] })],
    ],
    [
      "bioConv2dTranspose",
      () => [
        bioConv2dTranspose({ rule, filters: 2, kernelSize: 3, strides: 2, inputShape: [3, 4, 2] }),
        bioLayerNormalization(),
      ],
    ],
    [
      "bioSeparableConv2d",
      () =>
        bioSeparableConv2d({
          ...{ rule, filters: 4, kernelSize: 3, strides: 2, padding: "same" },
          ...{ activation: "relu6", inputShape: [5, 6, 2], name: "separable" },
        }),
    ],
  ])("%s learns in fit, and after it has been saved", async (_name, make) => {
    const layers = make();
    const model = tf.sequential({ layers: [...layers, tf.layers.flatten(), output(rule)] });
    const x = tf.randomNormal([4, ...(model.inputs[0]!.shape.slice(1) as number[])], 0, 1);
    const loaded = await savedAndLoaded(model);
    for (const one of [model, loaded]) {
      const before = [...(one.trainableWeights[0]!.read().dataSync() as Float32Array)];
      one.compile({ optimizer: "sgd", loss: loss("meanSquaredError") });
      await one.fit(x, tf.ones([4, 2]), { verbose: 0, epochs: 2 });
      expect([...one.trainableWeights[0]!.read().dataSync()]).not.toEqual(before);
    }
    const [own, again] = [model, loaded].map((one) => (one.predict(x) as tf.Tensor).dataSync());
    own!.forEach((y, i) => expect(y).toBeCloseTo(again![i]!, 5));
  });
});

describe("what an error says", () => {
  test.each<[string, () => unknown, string]>([
    [
      "groups that channels do not come in",
      () =>
        bioConv2d({ rule: "fa", filters: 4, kernelSize: 1, groups: 2 }).apply(
          tf.input({ shape: [3, 3, 3] }),
        ),
      "conv2d: expected groups of as many channels and of as many filters each, received 2 groups of 3 channels and 4 filters.",
    ],
    [
      "a multiplier",
      () => bioDepthwiseConv2d({ rule: "fa", kernelSize: 2, depthMultiplier: 0 }),
      "depthwiseConv2d: expected depthMultiplier to be a positive whole number, received 0.",
    ],
    [
      "an image where a sequence is expected",
      () =>
        bioConv1d({ rule: "fa", filters: 1, kernelSize: 1 }).apply(tf.input({ shape: [3, 3, 1] })),
      "expected ndim=3",
    ],
    [
      "slopes of extents that are not known",
      () => bioPrelu().apply(tf.input({ shape: [null, 3] })),
      "it has weights of its input's extents, and those of [null, null, 3] are not known.",
    ],
    [
      "shared axes that are not there",
      () => bioPrelu({ sharedAxes: [0] }),
      "prelu: expected sharedAxes to be a list of axes from 1 to 1",
    ],
    [
      "groups that TensorFlow.js has not",
      () =>
        toLayersModel(
          tf.sequential({
            layers: [
              bioConv2d({
                ...{ rule: "fa", filters: 2, kernelSize: 1, groups: 2, name: "c" },
                inputShape: [2, 2, 2],
              }),
            ],
          }),
        ),
      'toLayersModel: expected convolutions of one group, which TensorFlow.js has no others than, received 2 of the layer "c".',
    ],
  ])("%s", (_name, act, text) => {
    expect(act).toThrow(text);
  });
});
