import type { RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { bioConv2d, bioDense, type ConversionEntry, convert, denseDFAOutput } from "../src/index";
import { branchedModel } from "./convert-models";
import "./backends";

beforeAll(() => tf.setBackend("cpu"));

const what = (report: readonly ConversionEntry[]) =>
  Object.fromEntries(report.map(({ layer, action, rule }) => [layer, rule ?? action]));
const classes = (model: tf.LayersModel) =>
  Object.fromEntries(
    model.layers.map((layer) => [layer.name, layer.getClassName().replace("Bioflax", "")]),
  );
const values = (x: unknown) => [...(x as tf.Tensor).dataSync()];
const predictsAs = (a: tf.LayersModel, b: tf.LayersModel, x: tf.Tensor) =>
  values(a.predict(x)).forEach((y, i) => expect(y).toBeCloseTo(values(b.predict(x))[i]!, 5));

/** The gradients of Σ y² by a model's weights. */
const gradientsOf = (model: tf.LayersModel, x: tf.Tensor) =>
  tf.variableGrads(
    () => tf.sum(tf.square(model.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar,
  ).grads;
const sizeOf = (grads: tf.NamedTensorMap, name: string) =>
  Object.entries(grads)
    .filter(([key]) => key.startsWith(`${name}/`))
    .reduce((sum, [, gradient]) => sum + tf.sum(tf.abs(gradient)).dataSync()[0]!, 0);

describe("the report, and where errors arrive", () => {
  test("under a rule whose errors travel layer by layer", () => {
    const { model, report } = convert(branchedModel(), {
      rule: "fa",
      layerRules: { left: "kp", stem: "bp" },
    });
    expect(what(report)).toEqual({
      stem: "bp",
      normal: "replaced",
      small: "replaced",
      left: "kp",
      right: "fa",
      "normal-right": "replaced",
      sum: "kept",
      active: "kept",
      mean: "replaced",
      row: "kept",
      hidden: "fa",
      dropped: "replaced",
      output: "fa",
    });
    expect(report.map(({ why }) => why)).not.toContain("");
    expect(model.name).toBe("branched");
    expect(classes(model)).not.toHaveProperty("stem_feedback");
  });

  test("under one whose errors come straight from the output: after what follows a layer and nothing else", () => {
    const { model } = convert(branchedModel(), { rule: "dfa" });
    expect(classes(model)).toMatchObject({
      stem_feedback: "DirectFeedback",
      left: "Conv2dDirectHidden",
      right_feedback: "DirectFeedback",
      hidden_feedback: "DirectFeedback",
      output: "DenseDirectOutput",
    });
    const standsOn = (name: string) => model.getLayer(name).inboundNodes[0]!.inboundLayers[0]!.name;
    expect([standsOn("stem_feedback"), standsOn("right_feedback")]).toEqual([
      "small",
      "normal-right",
    ]);
    expect(model.layers.map(({ name }) => name)).not.toContain("left_feedback");
  });

  test("before the number of axes changes, so that the places of a feature map stay known", () => {
    const layers = [
      tf.layers.conv2d({ filters: 3, kernelSize: 2, inputShape: [4, 4, 1], name: "conv" }),
      tf.layers.batchNormalization({ name: "normal" }),
      tf.layers.flatten({ name: "row" }),
      tf.layers.dropout({ rate: 0.1, name: "dropped" }),
      tf.layers.dense({ units: 2, name: "output" }),
    ];
    const { model } = convert(tf.sequential({ layers }), {
      rule: "dfa",
      feedbackProjection: "broadcast",
    });
    expect(model.layers.map(({ name }) => name)).toEqual([
      ...["conv", "normal", "conv_feedback", "row", "dropped", "output"],
    ]);
    expect(model.getLayer("conv_feedback").weights[0]!.shape).toEqual([3, 2]);
  });

  test("after a dense layer that takes an example's rows one by one", () => {
    const layers = [
      tf.layers.dense({ units: 4, inputShape: [3, 5], name: "rows" }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, name: "output" }),
    ];
    const { model } = convert(tf.sequential({ layers }), { rule: "dfa" });
    expect(model.getLayer("rows_feedback").weights[0]!.shape).toEqual([12, 2]);
    const grads = gradientsOf(model, tf.randomNormal([2, 3, 5], 0, 1, "float32", 1));
    expect(sizeOf(grads, "rows")).toBeGreaterThan(0);
  });

  test("a model that ends in no dense layer gets an end that tells the error", () => {
    const layers = [
      tf.layers.conv2d({ filters: 3, kernelSize: 2, inputShape: [4, 4, 1], name: "first" }),
      tf.layers.conv2d({ filters: 2, kernelSize: 2, name: "last" }),
      tf.layers.globalAveragePooling2d({ name: "mean" }),
    ];
    const { model } = convert(tf.sequential({ layers }), { rule: "dfa" });
    expect(model).toBeInstanceOf(tf.Sequential);
    expect(model.layers.at(-1)!.getClassName()).toBe("BioflaxErrorSource");
    const grads = gradientsOf(model, tf.ones([2, 4, 4, 1]));
    for (const name of ["first", "last"]) expect(sizeOf(grads, name)).toBeGreaterThan(0);
  });

  test("an activation that bioflax has not becomes a layer of its own, and the error arrives after it", () => {
    const layers = [
      tf.layers.dense({ units: 4, inputShape: [3], activation: "selu", name: "hidden" }),
      tf.layers.dense({ units: 2, activation: "hardSigmoid", name: "output" }),
    ];
    const plain = tf.sequential({ layers });
    const x = tf.randomNormal([5, 3], 0, 1, "float32", 1);
    for (const rule of ["fa", "dfa", "drtp"] as const) {
      const { model, report } = convert(plain, { rule });
      predictsAs(model, plain, x);
      expect(report[0]!.why).toBe(
        "the rule teaches it; its activation, selu, is a layer of its own now",
      );
      expect(model.layers.map(({ name }) => name.replace(/\d+$/, ""))).toEqual([
        "hidden",
        "hidden_activation",
        ...(rule === "fa" ? [] : ["hidden_feedback"]),
        "output",
        "output_activation",
        // Only here the loss leaves what the rule needs.
        ...(rule === "drtp" ? ["bioflax_error_source_BioflaxErrorSource"] : []),
      ]);
    }
  });

  test("layers with weights that have no rule learn by backpropagation, or not at all", () => {
    const make = () =>
      tf.sequential({
        layers: [
          tf.layers.conv3d({
            filters: 2,
            kernelSize: 2,
            inputShape: [5, 5, 2, 1],
            name: "below",
          }),
          tf.layers.reshape({ targetShape: [4, 4, 2] }),
          tf.layers.conv2d({ filters: 3, kernelSize: 2, name: "conv" }),
          tf.layers.flatten(),
          tf.layers.layerNormalization({ gammaRegularizer: "l1l2", name: "between" }),
          tf.layers.dense({ units: 2, name: "output" }),
        ],
      });
    const x = tf.randomNormal([2, 5, 5, 2, 1], 0, 1, "float32", 1);
    const plain = make();
    const sequential = convert(plain, { rule: "fa" });
    expect(what(sequential.report)).toMatchObject({ below: "left", between: "left" });
    expect(sequential.report[0]!.why).toBe("no rule is defined for Conv3D");
    predictsAs(sequential.model, plain, x);
    const learnt = gradientsOf(sequential.model, x);
    for (const name of ["below", "between"]) expect(sizeOf(learnt, name)).toBeGreaterThan(0);

    const direct = convert(plain, { rule: "dfa" });
    expect(direct.report[0]!.why).toBe(
      "no rule is defined for Conv3D, and no error reaches it, because the layers above pass none on: it does not learn",
    );
    const grads = gradientsOf(direct.model, x);
    for (const name of ["below", "between"]) expect(sizeOf(grads, name)).toBe(0);
    expect(sizeOf(grads, "conv")).toBeGreaterThan(0);
  });
});

describe("architectures", () => {
  const x = () => tf.randomNormal([3, 6], 0, 1, "float32", 1);

  test.each<RuleName>(["fa", "dfa"])(
    "%s: models in models, shared layers, several inputs",
    (rule) => {
      const inner = tf.sequential({
        name: "inner",
        layers: [
          tf.layers.dense({ units: 5, activation: "tanh", inputShape: [6], name: "a" }),
          tf.layers.dense({ units: 4, name: "b" }),
        ],
      });
      const shared = tf.layers.dense({ units: 4, activation: "relu", name: "shared" });
      const inputs = ["one", "two"].map((name) => tf.input({ shape: [6], name }));
      const ends = inputs.map((input) =>
        shared.apply(inner.apply(input) as tf.SymbolicTensor),
      ) as tf.SymbolicTensor[];
      const joined = tf.layers.concatenate({ name: "joined" }).apply(ends);
      const outputs = tf.layers.dense({ units: 2, name: "output" }).apply(joined);
      const plain = tf.model({ inputs, outputs: outputs as tf.SymbolicTensor });
      const { model, report } = convert(plain, { rule, layerRules: { "inner/a": rule } });
      expect(what(report)).toEqual({
        "inner/a": rule,
        "inner/b": rule,
        shared: rule,
        joined: "kept",
        output: rule,
      });
      const both = [x(), tf.neg(x())];
      const [received, expected] = [model, plain].map((of) => values(of.predict(both)));
      received!.forEach((y, i) => expect(y).toBeCloseTo(expected![i]!, 5));
      expect(model.trainableWeights).toHaveLength(plain.trainableWeights.length);
      expect(model.getLayer("inner")).toBeInstanceOf(tf.Sequential);
      const { grads } = tf.variableGrads(
        () => tf.sum(tf.square(model.apply(both) as tf.Tensor)) as tf.Scalar,
      );
      for (const name of ["a", "b", "shared", "output"])
        expect(sizeOf(grads, name)).toBeGreaterThan(0);
    },
  );

  test("the model given stays as it is, and the new one learns apart from it", async () => {
    const layers = [tf.layers.dense({ units: 3, inputShape: [6], useBias: false, name: "d" })];
    const plain = tf.sequential({ layers });
    const before = values(plain.getWeights()[0]);
    const { model } = convert(plain, { rule: "bp" });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(x(), tf.ones([3, 3]), { verbose: 0 });
    expect(values(plain.getWeights()[0])).toEqual(before);
    expect(values(model.getWeights()[0])).not.toEqual(before);
    expect(plain.layers[0]!.getClassName()).toBe("Dense");
  });

  test("regularizers, constraints and what is frozen are kept", () => {
    const frozen = tf.layers.dense({
      units: 3,
      inputShape: [6],
      trainable: false,
      kernelRegularizer: tf.regularizers.l2({ l2: 0.5 }),
      biasConstraint: "nonNeg",
    });
    const plain = tf.sequential({ layers: [frozen] });
    const [layer] = convert(plain, { rule: "fa" }).model.layers;
    expect(layer!.trainable).toBe(false);
    expect(layer!.getConfig()).toMatchObject({
      kernelRegularizer: { className: "L1L2", config: { l2: 0.5 } },
      biasConstraint: { className: "NonNeg" },
      trainable: false,
    });
  });

  test("a model of bioflax's is converted from what it is in TensorFlow.js", () => {
    const plain = tf.sequential({
      layers: [
        bioConv2d({ rule: "dfa", filters: 2, kernelSize: 2, inputShape: [3, 3, 1], name: "conv" }),
        tf.layers.flatten(),
        bioDense({ rule: "dfa", units: 4, activation: "leakyRelu", name: "hidden" }),
        denseDFAOutput({ units: 2, name: "output" }),
      ],
    });
    const { model, report } = convert(plain, { rule: "fa" });
    expect(what(report)).toMatchObject({ conv: "fa", hidden: "fa", output: "fa" });
    predictsAs(model, plain, tf.randomNormal([2, 3, 3, 1], 0, 1, "float32", 1));
  });

  test("options of feedback go to the layers that have some, the seed to all", () => {
    const { model } = convert(branchedModel(), {
      rule: "fa",
      layerRules: { stem: "bp" },
      feedbackConnections: 2,
      clipNorm: 1,
      seed: 9,
    });
    const config = (name: string) => model.getLayer(name).getConfig();
    expect(config("left")).toMatchObject({ feedbackConnections: 2, clipNorm: 1, seed: 9 });
    expect(config("stem")).toMatchObject({ clipNorm: 1, rule: "bp" });
    expect(config("stem")).not.toHaveProperty("feedbackConnections");
    expect(config("dropped")).toMatchObject({ seed: 9, rate: 0.25 });
  });
});

describe("what an error says", () => {
  test.each<[string, () => unknown, string]>([
    [
      "a layer's rule under a name that none has",
      () => convert(branchedModel(), { rule: "fa", layerRules: { lfet: "kp" } }),
      'Unknown layer to convert, in layerRules "lfet". Did you mean "left"?',
    ],
    [
      "a rule",
      () => convert(branchedModel(), { rule: "dfb" as never }),
      'Unknown rule "dfb". Did you mean "dfa"?',
    ],
    [
      "a layer that waits for an error",
      () => convert(branchedModel(), { rule: "dfa", layerRules: { stem: "fa" } }),
      'convert: the layer "stem" has the rule "fa", which takes its error from the layer above, and the layers above pass none on.',
    ],
    [
      "no layers",
      () => convert(tf.sequential(), { rule: "fa" }),
      "convert: expected a model with layers, received one without.",
    ],
  ])("%s", (_name, act, text) => {
    expect(act).toThrow(text);
  });
});
