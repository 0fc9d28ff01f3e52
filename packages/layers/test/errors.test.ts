import { BioflaxError } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioDense,
  loss as bioflaxLoss,
  bioNetwork,
  denseBP,
  denseDFAOutput,
  denseFA,
  fromSpec,
  optimizer,
  SequentialDense,
  writeWeights,
} from "../src/index";
import { hidden, train } from "./direct-models";
import { trainingOptimizerState } from "./optimizer-state";
import "./backends";

beforeAll(() => tf.setBackend("cpu"));

const as = <T>(value: unknown) => value as T;
describe("what an error says", () => {
  test.each<[string, () => unknown, string]>([
    [
      "units missing",
      () => denseFA(as({ name: "a" })),
      'Layer "a": dense: expected units to be a positive whole number, received undefined.',
    ],
    ["units not whole", () => denseFA({ units: 1.5, name: "a" }), "received 1.5"],
    [
      "an activation",
      () => denseFA({ units: 1, name: "a", activation: as("rleu") }),
      'Layer "a": Unknown activation "rleu". Did you mean "relu"?',
    ],
    [
      "an initializer",
      () => denseFA({ units: 1, name: "a", kernelInitializer: as("lecun") }),
      'Layer "a": kernelInitializer: expected one of bioflax\'s initializers (zeros, ones,',
    ],
    [
      "an initializer's option",
      () =>
        denseFA({ units: 1, name: "a", biasInitializer: { name: "uniform", scale: Number.NaN } }),
      'expected "scale" to be a finite number, received NaN',
    ],
    [
      "a regularizer",
      () => denseFA({ units: 1, name: "a", kernelRegularizer: as("l3") }),
      'Layer "a": kernelRegularizer: ',
    ],
    [
      "an activity regularizer",
      () => denseFA(as({ units: 1, name: "a", activityRegularizer: "l1l2" })),
      'Layer "a": activityRegularizer is not supported',
    ],
    [
      "a dtype",
      () => denseFA(as({ units: 1, name: "a", dtype: "int32" })),
      'Layer "a": expected dtype float32, received int32.',
    ],
    [
      "a seed",
      () => denseFA({ units: 1, name: "a", seed: -1 }),
      'Layer "a": Random: expected a seed',
    ],
    [
      "a rule",
      () => new SequentialDense({ units: 1, name: "a", rule: as("kpp") }),
      'Layer "a": Unknown rule "kpp". Did you mean "kp"?',
    ],
    [
      "a rule of the other route",
      () => new SequentialDense({ units: 1, name: "a", rule: as("dfa") }),
      'Layer "a": errors of the rule "dfa" come straight from the output. Use bioDense({ rule: "dfa", … })',
    ],
    [
      "a rule of the other route, hidden",
      () => hidden("a", { rule: "fa" }),
      'Layer "a": errors of the rule "fa" travel layer by layer; use bioDense({ rule: "fa", … }).',
    ],
    [
      "an output layer's rule",
      () => denseDFAOutput({ units: 1, name: "a", rule: as("drtb") }),
      'Layer "a": Unknown rule "drtb". Did you mean "drtp"?',
    ],
    [
      "a rule of bioDense",
      () => bioDense({ units: 1, name: "a", rule: as("brfs") }),
      'Layer "a": Unknown rule "brfs". Did you mean "brsf"?',
    ],
    [
      "sparse feedback that learns",
      () => bioDense({ units: 1, name: "a", rule: "dkp", feedbackConnections: 1 }),
      'Layer "a": the rule "dkp" cannot be used here: feedbackConnections are for fixed feedback weights',
    ],
    [
      "sparse feedback where there is none",
      () => bioDense({ units: 1, name: "a", rule: "usf", feedbackConnections: 1 }),
      'Layer "a": the rule "usf" cannot be used here: feedbackConnections are for rules with feedback weights',
    ],
    [
      "feedbackConnections",
      () => denseFA({ units: 1, name: "a", feedbackConnections: 0 }),
      'Layer "a": feedbackConnections: expected a whole number from 1, received 0.',
    ],
    [
      "mirroring",
      () => bioDense({ units: 1, name: "a", rule: "wm", mirroring: { rate: -1 } }),
      'Layer "a": mirroring.rate: expected a number above 0, received -1.',
    ],
    [
      "clipNorm",
      () => denseBP({ units: 1, name: "a", clipNorm: 0 }),
      'Layer "a": clipNorm: expected a number above 0, received 0.',
    ],
    [
      "magnitudes of no size",
      () => bioDense({ units: 1, name: "a", rule: "usf", feedbackInitializer: "ones" }),
      'Layer "a": the rule "usf" cannot be used here: its feedback weights take the standard deviation',
    ],
    ...(["usf", "brsf"] as const).map((rule): [string, () => unknown, string] => [
      `magnitudes from TensorFlow.js, ${rule}`,
      () =>
        bioDense({
          units: 1,
          name: "a",
          rule,
          feedbackInitializer: tf.initializers.randomNormal({ stddev: 1 }),
        }),
      `Layer "a": feedbackInitializer: the rule "${rule}" needs to know its distribution, and one of TensorFlow.js's does not tell. Give one of bioflax's,`,
    ]),
    [
      "layerModes",
      () =>
        bioNetwork({
          mode: "fa",
          hiddenLayers: [2],
          units: 1,
          inputShape: [1],
          layerModes: ["fa"],
        }),
      "bioNetwork: expected layerModes to have a rule for each of the 2 layers, the output layer included, received 1.",
    ],
    [
      "neighbours",
      () =>
        bioNetwork({
          mode: "fa",
          hiddenLayers: [2, 2],
          units: 1,
          inputShape: [1],
          layerModes: ["fa", "dfa", "bp"],
        }),
      'Layer 0: the rule "fa" takes its error from the layer above, and that one, layer 1, has the rule "dfa"',
    ],
    [
      "outputUnits",
      () => hidden("a", { outputUnits: 0 }),
      'Layer "a": expected outputUnits to be a positive whole number, received 0.',
    ],
    [
      "outputUnits that are not the output's",
      () =>
        train(
          hidden("a", { inputShape: [3], outputUnits: 5 }),
          denseDFAOutput({ units: 2, name: "o" }),
        ),
      'Layer "a": expected outputUnits to be those of its output layer "o", 2, received 5.',
    ],
    [
      "no output layer",
      () => train(hidden("a", { inputShape: [3] }), tf.layers.dense({ units: 2 })),
      'Layer "a": it leads to no denseDFAOutput layer',
    ],
    [
      "an unknown last axis",
      () =>
        denseBP({ units: 2, name: "a", batchInputShape: [null, 3, null] }).apply(
          tf.input({ shape: [3, null] }),
        ),
      'Layer "a": expected an input whose last axis has a known extent, received [, 3, ].',
    ],
    [
      "two inputs",
      () => denseBP({ units: 2, name: "a" }).call([tf.ones([1, 1]), tf.ones([1, 1])], {}),
      'Layer "a": expected one input, received 2.',
    ],
    [
      "call before build",
      () => denseBP({ units: 2, name: "a" }).call(tf.ones([1, 1, 1]), {}),
      'Layer "a": it has no weights yet',
    ],
    ["a loss", () => bioflaxLoss(as("mse")), 'Unknown loss "mse"'],
    [
      "labels",
      () => bioflaxLoss("softmaxCrossEntropy")(tf.ones([3]), tf.ones([2, 5])),
      'Loss "softmaxCrossEntropy": expected class numbers from 0 to 4, one for each output, [2] or [2, 1]; or rows that sum to 1 ' +
        "(one-hot, or the probability of each class), [2, 5], for an output of shape [2, 5], received a target of shape [3].",
    ],
    [
      "values",
      () => bioflaxLoss("meanSquaredError")(tf.ones([3]), tf.ones([2, 5])),
      'Loss "meanSquaredError": expected finite numbers, [2, 5], for an output of shape [2, 5], received a target of shape [3].',
    ],
    [
      "an optimizer",
      () => optimizer(as({ name: "adm", learningRate: 1 })),
      'Unknown optimizer "adm". Did you mean "adam"?',
    ],
    [
      "activations",
      () =>
        bioNetwork({
          mode: "fa",
          hiddenLayers: [1, 2],
          activations: ["relu"],
          units: 1,
          inputShape: [1],
        }),
      "bioNetwork: expected an activation for each of the 2 hidden layers, received 1.",
    ],
    [
      "no hidden layers' list",
      () => bioNetwork({ mode: "fa", hiddenLayers: as(500), units: 1, inputShape: [1] }),
      "bioNetwork: expected hiddenLayers to be a list of units, such as [500, 500], received 500.",
    ],
    [
      "no input shape",
      () => bioNetwork({ mode: "fa", hiddenLayers: [4], units: 1, inputShape: as(undefined) }),
      "Network: expected an inputShape of positive whole numbers, such as [784], received undefined.",
    ],
    [
      "a mode",
      () => bioNetwork({ mode: as("dfaa"), hiddenLayers: [], units: 1, inputShape: [1] }),
      'Unknown rule "dfaa". Did you mean "dfa"?',
    ],
    [
      "an image",
      () => bioNetwork({ mode: "fa", hiddenLayers: [], units: 1, inputShape: [28, 28] }),
      "expected an input of shape [in], received [28, 28]",
    ],
    [
      "missing feedback weights",
      () =>
        fromSpec(
          { inputShape: [1], rule: "fa", layers: [{ type: "dense", units: 1, useBias: false }] },
          { "layers.0.kernel": new Float32Array(1) },
        ),
      "received nothing. Where the others were learnt under another rule, withFeedback(network, weights, seed)",
    ],
    [
      "a missing weight",
      () => fromSpec({ inputShape: [2], rule: "bp", layers: [{ type: "dense", units: 1 }] }, {}),
      'Weight "layers.0.kernel": expected 2 values for the shape [2, 1], received nothing.',
    ],
  ])("%s", (_name, act, text) => {
    expect(act).toThrow(BioflaxError);
    expect(act).toThrow(text);
  });

  test("an optimizer's state of another model", async () => {
    const restored = optimizer({ name: "adam", learningRate: 0.1 });
    const step = (name: string) => {
      const weight = tf.variable(tf.ones([4, 4]), true, name);
      const act = () => restored.applyGradients({ [weight.name]: tf.ones([4, 4]) });
      expect(act).toThrow(BioflaxError);
      expect(act).toThrow("it belongs to another model");
      expect(weight.dataSync()).toEqual(new Float32Array(16).fill(1));
    };
    await restored.setWeights(await trainingOptimizerState([3, 2]));
    step("no/kernel");
    await restored.setWeights(await trainingOptimizerState([3, 2], "other/kernel"));
    step("other/kernel");
    expect(restored.iterations).toBe(1);
  });

  test("weights of another size change nothing", () => {
    const model = bioNetwork({ mode: "bp", hiddenLayers: [], units: 1, inputShape: [2] });
    const before = model.getWeights().map((weight) => weight.dataSync());
    const wrong = { "layers.0.kernel": new Float32Array(2), "layers.0.bias": new Float32Array(3) };
    expect(() => writeWeights(model, wrong)).toThrow(
      'Weight "layers.0.bias": expected 1 values for the shape [1], received 3.',
    );
    expect(model.getWeights().map((weight) => weight.dataSync())).toEqual(before);
  });
});
