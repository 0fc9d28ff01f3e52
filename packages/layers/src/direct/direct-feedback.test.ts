import { createNetwork, type NetworkSpec, type RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { savedAndLoaded, weightDifference } from "../../test/artifacts";
import {
  bioConv2d,
  bioDense,
  bioMaxPooling2d,
  denseDFAOutput,
  directFeedback,
  errorSource,
  fromSpec,
  linkModel,
} from "../index";
import "../../test/backends";
import { expectClose, flip, hadamard, matrix, times } from "../../test/matrices";

beforeAll(() => tf.setBackend("wasm"));

const x = () => tf.randomNormal([4, 5], 0, 1, "float32", 3);
const half = (y: unknown) => tf.mul(tf.sum(tf.square(y as tf.Tensor)), 0.5) as tf.Scalar;

describe("directFeedback", () => {
  test("ends a block of any layers, which learn by backpropagation within it: δ = e·Bᵀ there", () => {
    const first = tf.layers.dense({ units: 6, inputShape: [5], useBias: false, name: "first" });
    const second = tf.layers.dense({ units: 4, useBias: false, name: "second" });
    const arrival = directFeedback({ name: "arrival" });
    const output = denseDFAOutput({ units: 3, useBias: false });
    const layers = [first, tf.layers.activation({ activation: "tanh" }), second, arrival, output];
    const model = tf.sequential({ layers });
    const { grads } = tf.variableGrads(() => half(model.apply(x(), { training: true })));
    const [w1, w2, w3] = [first, second, output].map((layer) => matrix(layer.getWeights()[0]!));
    const h = matrix(tf.tanh(tf.tensor2d(times(matrix(x()), w1!))));
    const e = times(times(h, w2!), w3!);
    const delta = times(e, flip(matrix(arrival.feedback!.read())));
    const of = (layer: tf.layers.Layer) => grads[layer.trainableWeights[0]!.name]!;
    expectClose(of(second), times(flip(h), delta));
    const slope = h.map((row) => row.map((y) => 1 - y * y));
    expectClose(of(first), times(flip(matrix(x())), hadamard(times(delta, flip(w2!)), slope)));
    expect(grads).not.toHaveProperty(arrival.feedback!.name);
  });

  test("under dkp its feedback weights learn: ∂B = yᵀ·e", () => {
    const arrival = directFeedback({ rule: "dkp" });
    const output = denseDFAOutput({ units: 3, useBias: false });
    const layers = [tf.layers.dense({ units: 4, inputShape: [5] }), arrival, output];
    const model = tf.sequential({ layers });
    const { grads } = tf.variableGrads(() => half(model.apply(x(), { training: true })));
    const y = matrix(layers[0]!.apply(x()) as tf.Tensor);
    const e = times(y, matrix(output.variables.kernel!.read()));
    expectClose(grads[arrival.feedback!.name]!, times(flip(y), e));
  });

  const conv = (options = {}) =>
    bioConv2d({
      rule: "dfa",
      filters: 3,
      kernelSize: 2,
      inputShape: [5, 5, 1],
      name: "conv",
      seed: 4,
      ...options,
    });

  test("takes the error of the layer below, which then has no feedback weights, and starts as those would", () => {
    const shapes = (feedbackProjection: "dense" | "broadcast") => {
      const arrival = directFeedback({ name: "arrival", seed: 4, feedbackProjection });
      const layer = conv();
      const model = tf.sequential({
        layers: [
          layer,
          bioMaxPooling2d(),
          arrival,
          tf.layers.flatten(),
          denseDFAOutput({ units: 2 }),
        ],
      });
      expect(layer.variables).not.toHaveProperty("feedback");
      expect(model.nonTrainableWeights).toHaveLength(1);
      return arrival.feedback!;
    };
    expect(shapes("dense").shape).toEqual([2 * 2 * 3, 2]);
    const [across, alone] = [
      shapes("broadcast"),
      bioDense({ rule: "dfa", units: 3, inputShape: [7], name: "conv", seed: 4 }),
    ];
    tf.sequential({ layers: [alone, denseDFAOutput({ units: 2 })] });
    expect(across.shape).toEqual([3, 2]);
    expect(matrix(across.read())).toEqual(matrix(alone.variables.feedback!.read()));
  });

  test("is saved and loaded with the model, and in a nested one, which is linked anew", async () => {
    const inner = tf.sequential({ layers: [conv(), bioMaxPooling2d(), directFeedback()] });
    const head = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [2, 2, 3] }), denseDFAOutput({ units: 2 })],
    });
    const input = tf.input({ shape: [5, 5, 1] });
    const made = tf.model({
      inputs: input,
      outputs: head.apply(inner.apply(input)) as tf.SymbolicTensor,
    });
    const model = linkModel(made);
    const loaded = linkModel(await savedAndLoaded(model));
    expect(weightDifference(model, loaded)).toBe(0);
    const images = tf.randomNormal([3, 5, 5, 1], 0, 1, "float32", 1);
    const gradients = (of: tf.LayersModel) =>
      Object.values(tf.variableGrads(() => half(of.apply(images, { training: true }))).grads).map(
        (gradient) => [...gradient.dataSync()],
      );
    expect(gradients(loaded)).toEqual(gradients(model));
  });
});

describe("an output layer", () => {
  const between = (rule: RuleName) => {
    const spec: NetworkSpec = {
      inputShape: [3, 3, 1],
      rule: "dfa",
      layers: [
        { type: "conv2d", filters: 2, kernelSize: 2 },
        { type: "flatten" },
        { type: "batchNormalization" },
        { type: "dense", units: 2, rule },
      ],
    };
    const images = tf.randomNormal([4, 3, 3, 1], 0, 1, "float32", 1);
    const model = fromSpec(spec);
    const { grads } = tf.variableGrads(() => half(model.apply(images, { training: true })));
    const normal = model.getLayer("layers.2").trainableWeights;
    const learns = createNetwork(spec).parameters.find(({ role }) => role === "gamma")!.learns;
    return [learns, tf.max(tf.abs(grads[normal[0]!.name]!)).dataSync()[0]! > 0];
  };

  test("by a rule of the hidden layers' kind sends nothing to what stands between, and by another does", () => {
    expect(between("dfa")).toEqual([false, false]);
    expect(between("bp")).toEqual([true, true]);
  });
});

describe("errorSource", () => {
  test.each<RuleName>(["dfa", "fa"])(
    "tells hidden layers the error at the model's end; the last layer, under %s, learns from it as it comes down",
    (rule) => {
      const hidden = bioDense({ rule: "dfa", units: 6, inputShape: [5], useBias: false });
      const last = bioDense({ rule, units: 4, useBias: false });
      const layers = [hidden, last, tf.layers.activation({ activation: "tanh" }), errorSource()];
      const model = tf.sequential({ layers });
      const { grads } = tf.variableGrads(() => half(model.apply(x(), { training: true })));
      const [w1, w2] = [hidden, last].map((layer) => matrix(layer.variables.kernel!.read()));
      const h = times(matrix(x()), w1!);
      const y = matrix(tf.tanh(tf.tensor2d(times(h, w2!))));
      const error = y.map((row) => row.map((value) => value * (1 - value * value)));
      expectClose(grads[last.variables.kernel!.name]!, times(flip(h), error));
      const delta = times(y, flip(matrix(hidden.variables.feedback!.read())));
      expectClose(grads[hidden.variables.kernel!.name]!, times(flip(matrix(x())), delta));
    },
  );
});

describe("what an error says", () => {
  test.each<[string, () => unknown, string]>([
    [
      "a rule of the other route",
      () => directFeedback({ rule: "fa" as "dfa", name: "a" }),
      'Layer "a": errors of the rule "fa" travel layer by layer, and need no such layer. Leave it out.',
    ],
    [
      "sparse feedback that learns",
      () => directFeedback({ rule: "dkp", name: "a", feedbackConnections: 1 }),
      'Layer "a": the rule "dkp" cannot be used here',
    ],
    [
      "two layers at which an error arrives",
      () => {
        const layers = [
          bioDense({ rule: "dfa", units: 2, inputShape: [3], name: "a" }),
          directFeedback({ name: "b" }),
          directFeedback({ name: "c" }),
        ];
        return tf.sequential({ layers });
      },
      'Layer "a": its error arrives at two layers after it, "b" and "c". Leave one of them out.',
    ],
    [
      "feedback weights of its own",
      () => {
        const layers = [
          bioDense({ rule: "dfa", units: 2, inputShape: [3], name: "a", outputUnits: 2 }),
          directFeedback({ name: "b" }),
        ];
        return tf.sequential({ layers });
      },
      'Layer "a": it has feedback weights of its own, and its error arrives at "b", which has them. Leave out its outputUnits.',
    ],
    [
      "no output layer",
      () => {
        const layers = [
          tf.layers.dense({ units: 2, inputShape: [5] }),
          directFeedback({ name: "b" }),
        ];
        const model = tf.sequential({ layers });
        return tf.variableGrads(() => half(model.apply(x())));
      },
      'Layer "b": it leads to no denseDFAOutput',
    ],
    [
      "a convolution's dataFormat",
      () =>
        bioConv2d({
          rule: "fa",
          filters: 1,
          kernelSize: 1,
          name: "a",
          dataFormat: "channelsFirst" as never,
        }),
      'Layer "a": expected dataFormat "channelsLast"',
    ],
    [
      "a convolution's padding",
      () =>
        bioConv2d({ rule: "fa", filters: 1, kernelSize: 1, name: "a", padding: "causal" as never }),
      'Layer "a": conv2d: expected padding to be "same" or "valid", received "causal".',
    ],
    [
      "filters",
      () => bioConv2d({ rule: "fa", kernelSize: 1, name: "a" } as never),
      'Layer "a": conv2d: expected filters to be a positive whole number, received undefined.',
    ],
    [
      "a kernel larger than the image",
      () =>
        bioConv2d({ rule: "fa", filters: 1, kernelSize: 3, name: "a" }).apply(
          tf.input({ shape: [2, 2, 1] }),
        ),
      'Layer "a": conv2d: expected an image of at least 3×3 for its window, received 2×2; use padding "same".',
    ],
    [
      "a rule of bioConv2d",
      () => bioConv2d({ rule: "brfs" as never, filters: 1, kernelSize: 1, name: "a" }),
      'Layer "a": Unknown rule "brfs". Did you mean "brsf"?',
    ],
    [
      "a projection",
      () =>
        bioConv2d({
          rule: "dfa",
          filters: 1,
          kernelSize: 1,
          name: "a",
          feedbackProjection: "none" as never,
        }),
      'Layer "a": feedbackProjection: expected one of dense, broadcast, received "none".',
    ],
  ])("%s", (_name, act, text) => {
    expect(act).toThrow(text);
  });
});
