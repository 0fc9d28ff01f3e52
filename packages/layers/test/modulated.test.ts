import { createNetwork, initializeWeights, type NetworkSpec } from "@bioflax/core";
import { beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioDense,
  bioNetwork,
  convert,
  denseBP,
  fromSpec,
  loss,
  readWeights,
  SequentialDense,
  toSpec,
} from "../src/index";
import { savedAndLoaded } from "./artifacts";
import "./backends";

// Rules by which a network learns from a second pass of its data.

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const spec: NetworkSpec = {
  inputShape: [4, 4, 2],
  rule: "pepita",
  layers: [
    { type: "conv2d", filters: 3, kernelSize: 2, activation: "tanh" },
    { type: "flatten" },
    { type: "dense", units: 3 },
  ],
};

test("only the first layer with a kernel has feedback weights, from the outputs to the data", async () => {
  const model = fromSpec(spec, undefined, { seed: 3 });
  const weights = await readWeights(model);
  expect(weights).toEqual(initializeWeights(createNetwork(spec), 3));
  expect(Object.keys(weights).filter((name) => name.endsWith("feedback"))).toEqual([
    "layers.0.feedback",
  ]);
  expect(weights["layers.0.feedback"]).toHaveLength(4 * 4 * 2 * 3);
});

test("such a model predicts, and is saved and loaded, as any other, and has a spec", async () => {
  const model = fromSpec(spec, undefined, { seed: 3 });
  const loaded = await savedAndLoaded(model);
  const input = tf.randomNormal([5, 4, 4, 2], 0, 1, "float32", 1);
  const [before, after] = [model, loaded].map((own) =>
    (own.predict(input) as tf.Tensor).arraySync(),
  );
  expect(after).toEqual(before);
  expect((await toSpec(loaded)).weights).toEqual(await readWeights(model));
  expect(createNetwork((await toSpec(loaded)).spec).rules.map((rule) => rule?.name)).toEqual([
    "pepita",
    undefined,
    "pepita",
  ]);
});

test("fit has no second pass, and says so", async () => {
  const model = bioNetwork({ mode: "pepita", hiddenLayers: [5], units: 3, inputShape: [4] });
  model.compile({ optimizer: "sgd", loss: loss("meanSquaredError") });
  await expect(model.fit(tf.ones([2, 4]), tf.ones([2, 3]), { verbose: 0 })).rejects.toThrow(
    'Layer "layers.1": the rule "pepita" sends the data through the whole model a second time, which fit cannot. Train a model made by fromSpec or bioNetwork ' +
      "with trainModel, or with the command.",
  );
});

test("what cannot be is refused", () => {
  expect(() => bioDense({ rule: "pepita", units: 2, name: "a", feedbackAlignment: 1 })).toThrow(
    "feedbackAlignment is for feedback weights that stand for forward ones, and its own do not",
  );
  expect(() => new SequentialDense({ rule: "pepita" as "fa", units: 2, name: "a" })).toThrow(
    'Layer "a": layers under the rule "pepita" learn from a second pass of the data, and this one does not.',
  );
  const plain = tf.sequential({ layers: [denseBP({ units: 2, inputShape: [3] })] });
  expect(() => convert(plain, { rule: "pepita" })).toThrow(
    'convert: the rule "pepita" sends the data through the whole network a second time, which fit cannot.',
  );
  expect(() =>
    createNetwork({
      inputShape: [3],
      rule: "pepita",
      layers: [
        { type: "dense", units: 2 },
        { type: "dense", units: 2, rule: "bp" },
      ],
    }),
  ).toThrow(
    'Layer 1: expected the rule "pepita", which sends the data through the whole network a second time, so that all layers with a kernel learn by it, received "bp".',
  );
});
