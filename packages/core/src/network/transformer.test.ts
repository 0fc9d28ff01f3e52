import { describe, expect, test } from "@jest/globals";
import {
  referenceInterpreter,
  transformerCases,
  worstEvaluationError,
  worstTrainingError,
} from "../../testing/index";
import {
  checkInputs,
  createLayer,
  createNetwork,
  createTrainable,
  float64Tensor,
  inputGradient,
  type KernelFreeLayer,
  type LayerSpec,
  type RuleName,
  referenceOps,
  symbolsOf,
} from "../index";

test.each(transformerCases().map((given) => [given.name, given] as const))(
  "training and evaluation are the plain loops': %s",
  async (_name, given) => {
    expect(await worstTrainingError(referenceInterpreter, given)).toBeLessThan(1e-9);
    expect(await worstEvaluationError(referenceInterpreter, given)).toBeLessThan(1e-9);
  },
);

const dense: LayerSpec = { type: "dense", units: 2 };
const embedding: LayerSpec = { type: "embedding", inputDim: 5, outputDim: 3 };
const made = (inputShape: readonly number[], rule: RuleName, ...layers: LayerSpec[]) =>
  createNetwork({ inputShape, rule, layers });

describe("attention", () => {
  const layerOf = (options: object, shape: readonly number[]) =>
    createLayer({ type: "attention", ...options }, shape) as KernelFreeLayer;
  const attend = (options: object, rows: readonly (readonly number[])[]) => {
    const shape = [rows.length, rows[0]!.length];
    const input = float64Tensor(rows.flat(), [1, ...shape]);
    return [...layerOf(options, shape).forward(referenceOps, {}, input, false).output.data];
  };

  test("takes of the values what their keys say to a query, by hand", () => {
    // Of one unit: q, k, v of each step.
    const [a, b] = [Math.exp(2), Math.exp(6)];
    const [c, d] = [Math.exp(1), Math.exp(3)];
    const rows = [
      [2, 1, 10],
      [1, 3, 20],
    ];
    const first = (10 * a + 20 * b) / (a + b);
    const second = (10 * c + 20 * d) / (c + d);
    attend({}, rows).forEach((y, t) => expect(y).toBeCloseTo([first, second][t]!, 10));
    attend({ causal: true }, rows).forEach((y, t) => expect(y).toBeCloseTo([10, second][t]!, 10));
  });

  test("of later steps a causal step takes nothing, to the last bit, and NaN of one example stays with it", () => {
    const before = attend({ causal: true, heads: 2 }, [
      [1, 2, 3, 4, 5, 6],
      [6, 5, 4, 3, 2, 1],
      [1, 1, 1, 1, 1, 1],
    ]);
    const after = attend({ causal: true, heads: 2 }, [
      [1, 2, 3, 4, 5, 6],
      [6, 5, 4, 3, 2, 1],
      [900, -900, 900, 900, 1e6, -1e6],
    ]);
    expect(after.slice(0, 4)).toEqual(before.slice(0, 4));
    expect(after.slice(4)).not.toEqual(before.slice(4));
    const layer = layerOf({ causal: true }, [2, 3]);
    const broken = float64Tensor([Number.NaN, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 3], [2, 2, 3]);
    const { data } = layer.forward(referenceOps, {}, broken, false).output;
    expect([...data.slice(2)].every(Number.isFinite)).toBe(true);
  });
});

describe("layers of symbols", () => {
  test("have a kernel with a row for each, no bias, and feedback weights for it or for what they put out", () => {
    const shapes = (rule: RuleName, more: object = {}) =>
      Object.fromEntries(
        made([4], rule, { ...embedding, ...more }, { type: "flatten" }, dense)
          .parameters.filter(({ layer }) => layer === 0)
          .map(({ role, shape }) => [role, shape]),
      );
    expect(shapes("bp")).toEqual({ kernel: [5, 3] });
    expect(shapes("fa", { useBias: true })).toEqual({
      kernel: [5, 3],
      bias: [3],
      feedback: [5, 3],
    });
    expect(shapes("dfa")).toEqual({ kernel: [5, 3], feedback: [12, 2] });
    expect(shapes("dfa", { feedbackProjection: "broadcast" })).toEqual({
      kernel: [5, 3],
      feedback: [3, 2],
    });
  });

  const network = made([4], "bp", embedding, { type: "flatten" }, dense);

  test("say how many they know, and refuse others' numbers", () => {
    expect(symbolsOf(network)).toBe(5);
    expect(symbolsOf(made([4], "bp", dense))).toBeUndefined();
    const check = (values: number[], normalization?: Parameters<typeof checkInputs>[2]) =>
      checkInputs(network, values, normalization);
    expect(() => check([0, 1, 2, 3, 4, 0, 0, 0])).not.toThrow();
    for (const [value, shown] of [
      [5, "5"],
      [-1, "-1"],
      [0.5, "0.5"],
      [Number.NaN, "NaN"],
    ] as const)
      expect(() => check([0, 1, 2, 3, 4, value, 0, 0])).toThrow(
        `Layer 0: embedding: expected numbers of symbols, whole ones from 0 to 4, received ${shown} in example 1. Number the symbols from 0, or give the layer as many as there are.`,
      );
    const halved = { scale: 0.5, mean: 0, standardDeviation: 1 };
    expect(() => check([0, 2, 4, 8], halved)).not.toThrow();
    expect(() => check([1, 2, 4, 8], halved)).toThrow("received 0.5 in example 0");
    expect(() => checkInputs(made([1], "bp", dense), [0.5])).not.toThrow();
  });

  test("have no gradient by their input", () => {
    const { loss } = createTrainable({
      spec: network.spec,
      loss: "softmaxCrossEntropy",
      optimizer: { name: "sgd", learningRate: 0.1 },
    });
    const x = float64Tensor([0, 1, 2, 3], [1, 4]);
    const target = float64Tensor([1], [1]);
    expect(() => inputGradient(referenceOps, { network, loss }, [], { input: x, target })).toThrow(
      "Layer 0: embedding: expected an input that the loss has a gradient by, received numbers of symbols, between which there is nothing.",
    );
  });
});

test.each<[string, () => unknown, string]>([
  [
    "a second pass of symbols",
    () => made([4], "pepita", embedding, { type: "flatten" }, dense),
    'Layer 0: the rule "pepita" cannot be used here: it adds the output\'s error to the data, and numbers of symbols are not to be added to. Change the option or the rule.',
  ],
  [
    "an embedding of what a layer puts out",
    () => made([4], "bp", dense, embedding),
    "Layer 1: embedding: expected the network's input, numbers of symbols, received what layer 0 puts out. Put it first.",
  ],
  [
    "an embedding of features",
    () => made([4, 2], "bp", embedding),
    "Layer 0: embedding: expected an input of shape [steps], the number of a symbol each, received [4, 2].",
  ],
  [
    "no symbols",
    () => made([4], "bp", { ...embedding, inputDim: 0 } as LayerSpec),
    "Layer 0: embedding: expected inputDim to be a positive whole number, received 0.",
  ],
  [
    "attention of what is no queries, keys and values",
    () => made([4, 8], "bp", { type: "attention" }),
    "Layer 0: attention: expected an input of shape [steps, 3 · units], queries, keys and values beside each other, received [4, 8]. Put a layer before it " +
      "that makes them, such as conv1d with a kernelSize of 1 and 3 · units filters.",
  ],
  [
    "heads that do not share out evenly",
    () => made([4, 12], "bp", { type: "attention", heads: 3 }),
    "Layer 0: attention: expected heads to divide the 4 units of a query evenly, received 3.",
  ],
  [
    "a flag that is none",
    () => made([4, 12], "bp", { type: "attention", causal: 1 as never }),
    "Layer 0: attention: expected causal to be true or false, received 1.",
  ],
  [
    "positions of what is no sequence",
    () => made([4], "bp", { type: "positionEmbedding" }),
    "Layer 0: positionEmbedding: expected an input of shape [steps, units], received [4]; reshape it first.",
  ],
  [
    "a cropping that leaves nothing",
    () => made([2, 3], "bp", { type: "cropping1d" }),
    "Layer 0: cropping1d: expected to leave a step at least of 2, received the cropping 1.",
  ],
  [
    "a cropping that is none",
    () => made([2, 3], "bp", { type: "cropping1d", cropping: [0, -1] }),
    "Layer 0: cropping1d: expected cropping to be a whole number from 0, or two, for the first steps and the last, received [0,-1].",
  ],
])("refused: %s", (_what, act, message) => {
  expect(act).toThrow(expect.objectContaining({ name: "BioflaxError", message }));
});
