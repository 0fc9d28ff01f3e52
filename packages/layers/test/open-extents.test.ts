import type { RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioActivation,
  bioBatchNormalization,
  bioConv2d,
  bioDropout,
  bioGlobalMaxPooling2d,
  bioMaxPooling2d,
  convert,
  denseDFAOutput,
  directFeedback,
  loss,
  optimizer,
  toNetwork,
} from "../src/index";
import { savedAndLoaded } from "./artifacts";
import "./backends";

beforeAll(() => tf.setBackend("cpu"));

type Extent = number | null;

/** Two convolutions with all that may stand between, for images of any extents, or of some. */
function model(rule: RuleName, height: Extent, width: Extent, isDirect = false) {
  const options = {
    rule,
    kernelSize: 3,
    padding: "same",
    feedbackProjection: "broadcast",
  } as const;
  const layers = [
    bioConv2d({ ...options, filters: 4, inputShape: [height, width, 2], name: `a-${rule}` }),
    bioBatchNormalization(),
    bioActivation({ activation: "tanh" }),
    bioMaxPooling2d(),
    ...(isDirect ? [directFeedback({ rule: rule as "dfa", feedbackProjection: "broadcast" })] : []),
    bioConv2d({ ...options, filters: 5, strides: 2, name: `b-${rule}` }),
    bioGlobalMaxPooling2d(),
    denseDFAOutput({ units: 3, rule, name: `c-${rule}` }),
  ];
  return tf.sequential({ layers });
}

const images = (height: number, width: number) =>
  tf.randomNormal([4, height, width, 2], 0, 1, "float32", 5);
const targets = () => tf.oneHot(tf.tensor1d([0, 1, 2, 0], "int32"), 3).toFloat();

async function fit(trained: tf.LayersModel, height: number, width: number) {
  trained.compile({
    optimizer: optimizer({ name: "sgd", learningRate: 0.1 }),
    loss: loss("softmaxCrossEntropy"),
  });
  const { history } = await trained.fit(images(height, width), targets(), {
    epochs: 3,
    verbose: 0,
    shuffle: false,
  });
  return history.loss;
}

describe("images of extents that are not known", () => {
  test.each<[RuleName, boolean]>([
    ["bp", false],
    ["fa", false],
    ["kp", false],
    ["usf", false],
    ["frsf", false],
    ["brsf", false],
    ["dfa", false],
    ["dkp", true],
    ["drtp", true],
  ])("train by %s as those whose extents are known", async (rule, isDirect) => {
    const open = model(rule, null, null, isDirect);
    expect(open.layers[0]!.outputShape).toEqual([null, null, null, 4]);
    const known = model(rule, 8, 6, isDirect);
    open.setWeights(known.getWeights());
    expect(await fit(open, 8, 6)).toEqual(await fit(known, 8, 6));
    open.getWeights().forEach((weight, i) => {
      expect(weight.arraySync()).toEqual(known.getWeights()[i]!.arraySync());
    });
    // And then others, in the same model.
    expect(open.predict(images(12, 10))).toMatchObject({ shape: [4, 3] });
    expect((await fit(open, 12, 10))?.at(-1)).toBeGreaterThan(0);
    const loaded = await savedAndLoaded(open);
    expect(await fit(loaded, 6, 6)).toEqual(await fit(open, 6, 6));
  });

  test("may have one that is known", async () => {
    const open = model("fa", null, 6);
    expect(open.layers[0]!.outputShape).toEqual([null, null, 6, 4]);
    expect(await fit(open, 8, 6)).toHaveLength(3);
  });

  test.each<RuleName>(["fa", "kp"])("are kept by convert: %s", async (rule) => {
    const given = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [null, null, 2] }),
        tf.layers.maxPooling2d({}),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units: 3 }),
      ],
    });
    const { model: converted, report } = convert(given, { rule });
    expect(report.map(({ action }) => action)).toEqual([
      "converted",
      "replaced",
      "kept",
      "converted",
    ]);
    const x = images(7, 9);
    expect((converted.predict(x) as tf.Tensor).arraySync()).toEqual(
      (given.predict(x) as tf.Tensor).arraySync(),
    );
    const before = converted.layers[0]!.getWeights()[0]!.arraySync();
    await fit(converted, 7, 9);
    expect(converted.layers[0]!.getWeights()[0]!.arraySync()).not.toEqual(before);
  });

  test("convert leaves a convolution whose error would come to each element, and says so", () => {
    const given = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [null, null, 2] }),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dense({ units: 3 }),
      ],
    });
    const { report } = convert(given, { rule: "dfa" });
    expect(report[0]).toMatchObject({ action: "left" });
    expect(report[0]!.why).toContain(
      'the extents of its input are not known, and feedback weights of the rule "dfa" come to each element: use feedbackProjection "broadcast"',
    );
    const broadcast = convert(given, { rule: "dfa", feedbackProjection: "broadcast" });
    expect(broadcast.report[0]).toMatchObject({ action: "converted", rule: "dfa" });
  });

  test.each<[string, () => unknown, string]>([
    [
      "a rule that draws noise of them",
      () =>
        tf.sequential({
          layers: [
            bioConv2d({
              rule: "wm",
              filters: 1,
              kernelSize: 1,
              inputShape: [null, 4, 2],
              name: "a",
            }),
          ],
        }),
      'Layer "a": the rule "wm" draws noise of its input\'s extents, and those of [null, null, 4, 2] are not known. Give the model an inputShape in full, or the layer another rule.',
    ],
    [
      "dropout",
      () =>
        tf.sequential({ layers: [bioDropout({ rate: 0.5, inputShape: [null, 4, 2], name: "a" })] }),
      "Layer \"a\": it draws numbers of its input's extents, and those of [null, null, 4, 2] are not known. Give the model an inputShape in full, or use TensorFlow.js's own layer of this kind.",
    ],
    [
      "a direct rule",
      () =>
        tf.sequential({
          layers: [
            bioConv2d({
              rule: "dfa",
              filters: 1,
              kernelSize: 1,
              inputShape: [null, 4, 2],
              name: "a",
            }),
            tf.layers.globalAveragePooling2d({}),
            denseDFAOutput({ units: 2 }),
          ],
        }),
      'Layer "a": its error comes straight from the output to each element, and how many there are is not known, since extents of its input are not. Give the model an ' +
        'inputShape in full, or the layer feedbackProjection: "broadcast", one feedback weight a channel.',
    ],
    [
      "where errors arrive",
      () => tf.sequential({ layers: [directFeedback({ inputShape: [null, 4, 2], name: "a" })] }),
      'Layer "a": the error comes to each element, and how many there are in [, 4, 2] is not known. Give the model an inputShape in full, or this layer feedbackProjection: ' +
        '"broadcast", one feedback weight a channel, or put it after global pooling.',
    ],
    [
      "channels",
      () =>
        tf.sequential({
          layers: [
            bioConv2d({
              rule: "fa",
              filters: 1,
              kernelSize: 1,
              inputShape: [4, 4, null] as number[],
              name: "a",
            }),
          ],
        }),
      'Layer "a": expected an input whose last axis has a known extent',
    ],
    [
      "a network",
      () => toNetwork(model("fa", null, 6)),
      "toNetwork: expected a model whose extents are known, received an input of [, , 6, 2]. Make the model with an inputShape in full, and give it this one's weights, with setWeights.",
    ],
  ])("are refused where something needs them: %s", (_name, act, text) => {
    expect(act).toThrow(text);
  });
});
