import { createNetwork } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioNetwork,
  convert,
  denseBP,
  denseDFAOutput,
  directFeedback,
  loss,
  toSpec,
} from "../src/index";
import "./backends";

// Rules that learn from what TensorFlow.js's fit does not tell its layers.

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe.each([
  [
    "f3",
    'the rule "f3" learns from the error that each example had in the epoch before, and fit does not tell which examples a batch has. Train a model made by ' +
      "fromSpec or bioNetwork with trainModel, and its batches' delayed errors, or with the command.",
  ],
  [
    "fdfa",
    'the rule "fdfa" learns from what noise at a layer does to the model\'s output, and fit takes no derivative forward. Train a model made by fromSpec or bioNetwork with ' +
      "trainModel, or with the command.",
  ],
] as const)("%s", (rule, why) => {
  test("fit says why it cannot train by it", async () => {
    const model = bioNetwork({ mode: rule, hiddenLayers: [5], units: 3, inputShape: [4] });
    model.compile({ optimizer: "sgd", loss: loss("meanSquaredError") });
    const fit = (own: tf.LayersModel) => own.fit(tf.ones([2, 4]), tf.ones([2, 3]), { verbose: 0 });
    await expect(fit(model)).rejects.toThrow(`Layer "layers.0": ${why}`);
    const below = tf.sequential({
      layers: [
        denseBP({ units: 4, inputShape: [4] }),
        directFeedback({ rule, name: "arrives" }),
        denseDFAOutput({ units: 3 }),
      ],
    });
    below.compile({ optimizer: "sgd", loss: loss("meanSquaredError") });
    await expect(fit(below)).rejects.toThrow(`Layer "arrives": ${why}`);
  });

  test("nor is a model converted to it", () => {
    const plain = tf.sequential({ layers: [denseBP({ units: 2, inputShape: [3] })] });
    expect(() => convert(plain, { rule })).toThrow(`convert: ${why}`);
  });

  test("a model of it has a spec", async () => {
    const model = bioNetwork({ mode: rule, hiddenLayers: [5], units: 3, inputShape: [4] });
    const { spec } = await toSpec(model);
    expect(createNetwork(spec).rules.map((own) => own?.name)).toEqual([rule, rule]);
  });
});
