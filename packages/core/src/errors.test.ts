import { describe, expect, test } from "@jest/globals";
import {
  activationName,
  BioflaxError,
  createInitializer,
  createNetwork,
  createOptimizer,
  getLoss,
  getRule,
  nearest,
} from "./index";

describe("nearest", () => {
  test.each([
    ["dfaa", "dfa"],
    ["softmax-cross-entropy", "softmaxCrossEntropy"],
    ["weight_deacy", "weightDecay"],
    ["completely different", undefined],
  ])("%s → %s", (word, expected) => {
    expect(nearest(word, ["bp", "dfa", "softmaxCrossEntropy", "weightDecay"])).toBe(expected);
  });
});

describe("what an error says", () => {
  const layer = { type: "dense", units: 3 } as const;
  test.each<[string, () => unknown, string]>([
    [
      "a rule",
      () => getRule("kpp"),
      'Unknown rule "kpp". Did you mean "kp"? Known: bp, fa, kp, dfa',
    ],
    ["a name of Object's", () => getRule("toString"), 'Unknown rule "toString"'],
    [
      "an activation",
      () => activationName("rleu"),
      'Unknown activation "rleu". Did you mean "relu"?',
    ],
    ["a loss", () => getLoss("meanSquareError"), 'Did you mean "meanSquaredError"?'],
    [
      "an optimizer",
      () => createOptimizer({ name: "adm" as "adam", learningRate: 1 }),
      'Unknown optimizer "adm". Did you mean "adam"?',
    ],
    [
      "a learning rate",
      () => createOptimizer({ name: "sgd", learningRate: Number.NaN }),
      'expected a finite number for "learningRate", received NaN',
    ],
    [
      "an initializer",
      () => createInitializer("lecunnormal" as "lecunNormal"),
      'Did you mean "lecunNormal"?',
    ],
    [
      "an initializer's option",
      () => createInitializer({ name: "uniform", scale: Number.POSITIVE_INFINITY }),
      'for "scale", received Infinity',
    ],
    [
      "no layers",
      () => createNetwork({ inputShape: [4], rule: "fa", layers: [] }),
      "expected at least one layer",
    ],
    [
      "no input shape",
      () => createNetwork({ inputShape: undefined as never, rule: "fa", layers: [layer] }),
      "Network: expected an inputShape of positive whole numbers, such as [784], received undefined",
    ],
    [
      "an open input shape",
      () => createNetwork({ inputShape: [null as never, 784], rule: "fa", layers: [layer] }),
      "received [null,784]",
    ],
    [
      "units",
      () =>
        createNetwork({
          inputShape: [4],
          rule: "fa",
          layers: [layer, { type: "dense", units: 0 }],
        }),
      "Layer 1: dense: expected units to be a positive whole number, received 0",
    ],
    [
      "an image into a dense layer",
      () => createNetwork({ inputShape: [28, 28], rule: "fa", layers: [layer] }),
      "Layer 0: dense: expected an input of shape [in], received [28, 28]",
    ],
  ])("%s", (_name, act, text) => {
    expect(act).toThrow(BioflaxError);
    expect(act).toThrow(text);
  });
});
