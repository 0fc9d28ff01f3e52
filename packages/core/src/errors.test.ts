import { describe, expect, test } from "@jest/globals";
import {
  activationName,
  BioflaxError,
  createInitializer,
  createNetwork,
  createOptimizer,
  createTrainable,
  didYouMean,
  getLoss,
  getRule,
  type KernelOptions,
  type LossName,
  nearest,
  printable,
  printableName,
  type RuleName,
} from "./index";

describe("what files and servers say", () => {
  const clever = "\u001b]0;title\u0007\u001b[31mred\r\u009b1m\u202e\n\ttab";
  test("is printed without what a terminal would obey", () => {
    expect(printable(clever)).toBe(
      "\\u001b]0;title\\u0007\\u001b[31mred\\u000d\\u009b1m\\u202e\n\\u0009tab",
    );
    expect(printable("Zoë’s naïve 数 👩‍🔬\nnext")).toBe("Zoë’s naïve 数 👩‍🔬\nnext");
  });

  test("is, as a name, on one line and not long", () => {
    expect(printableName("a\nb")).toBe("a\\u000ab");
    expect(printableName("x".repeat(1e6))).toBe(`${"x".repeat(99)}…`);
    expect(printableName("abcdef", 4)).toBe("abc…");
  });

  test("is so in every error", () => {
    expect(new BioflaxError(`tensor "${clever}"`).message).not.toMatch(/[^\P{Cc}\n]/u);
    expect(() => getRule("\u001b[2J\n")).toThrow('Unknown rule "\\u001b[2J\\u000a"');
  });
});

describe("nearest", () => {
  test.each([
    ["dfaa", "dfa"],
    ["softmax-cross-entropy", "softmaxCrossEntropy"],
    ["weight_deacy", "weightDecay"],
    ["completely different", undefined],
    ["xx", undefined],
    ["weight", "weightDecay"],
    ["df", "dfa"],
  ])("%s → %s", (word, expected) => {
    expect(nearest(word, ["bp", "dfa", "softmaxCrossEntropy", "weightDecay"])).toBe(expected);
  });
});

test("names that begin with a word come first, the shortest of them the nearest", () => {
  const names = ["mnist", "emnist-balanced", "emnist-mnist"];
  expect(nearest("emnist", names)).toBe("emnist-mnist");
  expect(didYouMean("EMNIST", names)).toBe(' Did you mean "emnist-balanced" or "emnist-mnist"?');
  expect(didYouMean("mnsit", names)).toBe(' Did you mean "mnist"?');
  expect(didYouMean("completely different", names)).toBe("");
});

test("a word's parts in another order are meant, and names it is a part of", () => {
  const names = ["mnist", "fashion-mnist", "softmaxCrossEntropy", "sigmoidCrossEntropy"];
  expect(didYouMean("MNIST-fashion", names)).toBe(' Did you mean "fashion-mnist"?');
  expect(didYouMean("cross_entropy", names)).toBe(
    ' Did you mean "softmaxCrossEntropy" or "sigmoidCrossEntropy"?',
  );
  expect(didYouMean("moid", names)).toBe("");
});

describe("what an error says", () => {
  const layer = { type: "dense", units: 3 } as const;
  const network = (rule: RuleName, options: KernelOptions) =>
    createNetwork({ inputShape: [4], rule, layers: [{ ...layer, ...options }, layer] });
  const train = (rule: RuleName, loss: LossName) =>
    createTrainable({
      spec: { inputShape: [4], rule, layers: [layer, layer] },
      loss,
      optimizer: { name: "sgd", learningRate: 1 },
    });
  test.each<[string, () => unknown, string]>([
    [
      "a rule",
      () => getRule("kpp"),
      'Unknown rule "kpp". Did you mean "kp"? Known: bp, fa, kp, wm,',
    ],
    [
      "what is no name",
      () => getRule(JSON.parse("[".repeat(1e5) + "]".repeat(1e5)) as RuleName),
      "Unknown rule object. Known: bp",
    ],
    [
      "an activation that is none",
      () => activationName(JSON.parse("[".repeat(1e5) + "]".repeat(1e5)) as "relu"),
      "Activation: expected a definition with a name of letters",
    ],
    [
      "layers that are none",
      () => createNetwork({ inputShape: [4], rule: "bp", layers: "dense" as never }),
      'Network: expected a list of layers, received "dense".',
    ],
    ["a name of Object's", () => getRule("toString"), 'Unknown rule "toString"'],
    [
      "an activation",
      () => activationName("rleu"),
      'Unknown activation "rleu". Did you mean "relu"?',
    ],
    ["a loss", () => getLoss("meanSquareError" as LossName), 'Did you mean "meanSquaredError"?'],
    [
      "an optimizer",
      () => createOptimizer({ name: "adm" as "adam", learningRate: 1 }),
      'Unknown optimizer "adm". Did you mean "adam"?',
    ],
    ...[undefined, null, "adam", 0.1, []].map((spec): [string, () => unknown, string] => [
      `an optimizer that is ${JSON.stringify(spec)}`,
      () => createOptimizer(spec as never),
      'Optimizer: expected { name, learningRate, … }, such as { name: "adam", learningRate: 0.001 }, received ',
    ]),
    [
      "a learning rate",
      () => createOptimizer({ name: "sgd", learningRate: Number.NaN }),
      'expected "learningRate" to be a number from 0 upwards, received NaN',
    ],
    [
      "an initializer",
      () => createInitializer("lecunnormal" as "lecunNormal"),
      'Did you mean "lecunNormal"?',
    ],
    [
      "an initializer's option",
      () => createInitializer({ name: "uniform", scale: Number.POSITIVE_INFINITY }),
      'expected "scale" to be a finite number, received Infinity',
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
    [
      "a rule of one layer",
      () =>
        createNetwork({
          inputShape: [4],
          rule: "fa",
          layers: [layer, { ...layer, rule: "ufs" as "usf" }],
        }),
      'Layer 1: Unknown rule "ufs". Did you mean "usf"?',
    ],
    [
      "an error that is not passed on",
      () =>
        createNetwork({
          inputShape: [4],
          rule: "dfa",
          layers: [{ ...layer, rule: "kp" }, layer],
        }),
      'Layer 0: the rule "kp" takes its error from the layer above, and that one, layer 1, has the rule "dfa", which passes none on.',
    ],
    [
      "a rule without a target to send",
      () => train("drtp", "meanSquaredError"),
      'The rule "drtp" sends the target in place of the error, and with the loss "meanSquaredError" the target says nothing ' +
        "of the error's sign. Use one of: softmaxCrossEntropy, sigmoidCrossEntropy; or another rule.",
    ],
    [
      "magnitudes of standard deviation 0",
      () => network("usf", { feedbackInitializer: "ones" }),
      'Layer 0: the rule "usf" cannot be used here: its feedback weights take the standard deviation of the ' +
        "feedbackInitializer as their magnitude, and that is 0. Change the option or the rule.",
    ],
    ...(["kp", "wm", "dkp"] as const).map((rule): [string, () => unknown, string] => [
      `sparse feedback that learns: ${rule}`,
      () => network(rule, { feedbackConnections: 1 }),
      `Layer 0: the rule "${rule}" cannot be used here: feedbackConnections are for fixed feedback weights`,
    ]),
    [
      "sparse feedback without feedback",
      () => network("bp", { feedbackConnections: 1 }),
      'the rule "bp" cannot be used here: feedbackConnections are for rules with feedback weights',
    ],
    ...(
      [
        [{ clipNorm: 0 }, "clipNorm: expected a number above 0, received 0."],
        [{ feedbackConnections: 0.5 }, "feedbackConnections: expected a whole number from 1"],
        [{ mirroring: { steps: -1 } }, "mirroring.steps: expected a whole number from 0"],
        [{ mirroring: { decay: 2 } }, "mirroring.decay: expected a number from 0 to 1, received 2"],
        [{ mirroring: { rate: Number.NaN } }, "mirroring.rate: expected a number above 0"],
        [{ mirroring: { batch: "4" as never } }, "mirroring.batch: expected a whole number from 1"],
      ] as [KernelOptions, string][]
    ).map(([options, text]): [string, () => unknown, string] => [
      JSON.stringify(options),
      () => network("fa", options),
      `Layer 0: ${text}`,
    ]),
  ])("%s", (_name, act, text) => {
    expect(act).toThrow(BioflaxError);
    expect(act).toThrow(text);
  });
});
