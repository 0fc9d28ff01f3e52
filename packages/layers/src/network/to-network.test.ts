import { createNetwork, type NetworkSpec } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioConv1d,
  bioConv2d,
  bioDense,
  bioPrelu,
  denseDFAOutput,
  denseFA,
  fromSpec,
  toNetwork,
  toSpec,
} from "../index";
import "../../test/backends";

beforeAll(() => tf.setBackend("cpu"));

describe("toNetwork", () => {
  const functional = (last: tf.layers.Layer) => {
    const input = tf.input({ shape: [5] });
    const middle = denseFA({ units: 4, name: `middle-of-${last.name}` }).apply(input);
    return tf.model({ inputs: input, outputs: last.apply(middle) as tf.SymbolicTensor });
  };

  test("is the other way round from fromSpec", () => {
    const spec: NetworkSpec = {
      inputShape: [5],
      rule: "fa",
      layers: [
        { type: "dense", units: 4, activation: "relu", rule: "drtp", clipNorm: 1 },
        { type: "dense", units: 4, useBias: false, rule: "usf", feedbackInitializer: "heNormal" },
        { type: "dense", units: 3, activation: "softmax", constrainNorm: true },
      ],
    };
    const expected = createNetwork(spec);
    const received = toNetwork(fromSpec(spec));
    expect(received.rules).toEqual(expected.rules);
    expect(received.outputs).toBe(3);
    expect(received.parameters.map(({ name, shape }) => [name, shape])).toEqual(
      expected.parameters.map(({ name, shape }) => [name, shape]),
    );
    received.layers.forEach((layer, l) =>
      expect(layer.spec).toMatchObject(expected.layers[l]!.spec),
    );
  });

  test("takes a functional chain, and foreign initializers where no rule asks about them", () => {
    const last = denseFA({
      units: 2,
      name: "foreign",
      feedbackInitializer: tf.initializers.ones(),
    });
    expect(toNetwork(functional(last)).rules.map((rule) => rule?.name)).toEqual(["fa", "fa"]);
  });

  test("takes a layer that another model uses too, as this one uses it", async () => {
    const shared = [
      bioConv2d({ rule: "fa", filters: 2, kernelSize: 3, inputShape: [6, 6, 1], name: "trunk" }),
      tf.layers.flatten({ name: "rows" }),
    ];
    const small = tf.sequential({ layers: [...shared, denseFA({ units: 3 })] });
    const input = tf.input({ shape: [6, 6, 1] });
    const features = shared.reduce(
      (x, layer) => layer.apply(x) as tf.SymbolicTensor,
      tf.layers
        .zeroPadding2d({ padding: 1, name: "padded" })
        .apply(
          bioConv2d({ rule: "fa", filters: 1, kernelSize: 3, name: "own" }).apply(input),
        ) as tf.SymbolicTensor,
    );
    const large = tf.model({
      inputs: input,
      outputs: denseFA({ units: 2, name: "head" }).apply(features) as tf.SymbolicTensor,
    });
    for (const model of [small, large]) {
      const { spec, weights } = await toSpec(model);
      const again = fromSpec(spec, weights);
      const x = tf.randomNormal([2, 6, 6, 1], 0, 1, "float32", 3);
      const [expected, received] = [model, again].map((of) => of.predict(x) as tf.Tensor);
      expect(await received!.data()).toEqual(await expected!.data());
    }
  });

  test.each<[string, () => tf.LayersModel, string]>([
    [
      "a layer of another kind",
      () => functional(tf.layers.dense({ units: 2, name: "other" })),
      'the layer "other" is of another kind, Dense.',
    ],
    [
      "a layer used twice",
      () => {
        const twice = denseFA({ units: 5, name: "twice" });
        const input = tf.input({ shape: [5] });
        const output = twice.apply(twice.apply(input)) as tf.SymbolicTensor;
        return tf.model({ inputs: input, outputs: output });
      },
      'the layer "twice" is used more than once.',
    ],
    [
      "a model in the model, used once",
      () => {
        const layers = [denseFA({ units: 4, inputShape: [4] })];
        return functional(tf.sequential({ name: "inner", layers }));
      },
      'the layer "inner" is a model itself.',
    ],
    [
      "rows that a later layer takes together",
      () =>
        tf.sequential({
          layers: [
            denseFA({ units: 3, inputShape: [6, 4] }),
            tf.layers.flatten({ name: "joined" }),
            denseFA({ units: 2 }),
          ],
        }),
      'the layer "joined" takes the rows of an example together: the first layer, a dense one, takes the rows of [6, 4] one by one',
    ],
    [
      "rows that a later layer has weights for",
      () =>
        tf.sequential({
          layers: [
            denseFA({ units: 3, inputShape: [6, 4] }),
            bioPrelu({ name: "slopes" }),
            denseFA({ units: 2 }),
          ],
        }),
      'the layer "slopes" takes the rows of an example together',
    ],
    [
      "rows that a later layer needs the steps of",
      () =>
        tf.sequential({
          layers: [
            denseFA({ units: 3, inputShape: [6, 4] }),
            bioConv1d({ rule: "fa", filters: 2, kernelSize: 2 }),
          ],
        }),
      "reshape it first. In a model, the first layer, a dense one, takes the rows of [6, 4] one by one",
    ],
    [
      "two outputs",
      () => {
        const input = tf.input({ shape: [5] });
        const outputs = ["left", "right"].map(
          (name) => denseFA({ units: 2, name }).apply(input) as tf.SymbolicTensor,
        );
        return tf.model({ inputs: input, outputs });
      },
      "toNetwork: expected a model with one input and one output, received 1 and 2.",
    ],
    [
      "an output layer in the middle",
      () => {
        const layers = [
          bioDense({ rule: "dfa", units: 4, inputShape: [5], name: "below" }),
          denseDFAOutput({ units: 3 }),
          denseFA({ units: 3 }),
        ];
        return tf.sequential({ layers });
      },
      'the layer "below" does not learn from the error of the last.',
    ],
    ["no layers", () => tf.sequential(), "expected a model with layers"],
  ])("refuses %s", (_name, model, text) => {
    expect(() => toNetwork(model())).toThrow(text);
  });
});
