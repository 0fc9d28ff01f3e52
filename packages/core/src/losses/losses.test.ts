import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  BioflaxError,
  type Float64Tensor,
  float64Tensor,
  type GivenTargets,
  getLoss,
  type LossName,
  type LossSpec,
  losses,
  readTargets,
  referenceOps,
} from "../index";

test("softmax cross-entropy of logits far apart does not overflow", () => {
  const { value, error } = losses
    .get("softmaxCrossEntropy")
    .evaluate(referenceOps, float64Tensor([1000, 0, -1000], [1, 3]), float64Tensor([1], [1]));
  expect(value.data[0]).toBeCloseTo(1000, 9);
  expect([...error.data]).toEqual([1, -1, 0]);
});

describe("smoothed labels", () => {
  const labels = float64Tensor([1, 2], [2]);
  const evaluate = (spec: LossSpec, logits: readonly number[]) => {
    const loss = getLoss(spec);
    const output = float64Tensor(logits, [2, 3]);
    const { value, error } = loss.evaluate(referenceOps, output, labels);
    const signal = loss.targetSignal!(referenceOps, output, labels);
    return { value: value.data[0]!, error: [...error.data], signal: [...signal.data] };
  };
  const logits = [1.5, -0.5, 0.25, -2, 0.75, 3];
  const names = ["softmaxCrossEntropy", "sigmoidCrossEntropy"] as const;

  // The value and its gradient as optax 0.2.8 and JAX have them in float64.
  test.each<[LossName, number, number[], number[]]>([
    [
      "softmaxCrossEntropy",
      1.30411770387189,
      [
        0.3349903213442203, -0.41907506859207916, 0.0840847472478588, -0.013637387917882304,
        0.030719225675161246, -0.01708183775727895,
      ],
      [1, 28, 1, 1, 1, 28].map((part) => -part / 30 / 2),
    ],
    [
      "sigmoidCrossEntropy",
      0.8189693417955528,
      [
        0.12792907936560727, -0.09540988853364243, 0.085362750147633, 0.01153382033701959,
        0.10486311652923215, 0.0004290211370721929,
      ],
      [0.05, 0.95, 0.05, 0.05, 0.05, 0.95].map((target) => -target / 2),
    ],
  ])("%s", (name, value, error, signal) => {
    const received = evaluate({ name, labelSmoothing: 0.1 }, logits);
    expect(received.value).toBeCloseTo(value, 12);
    error.forEach((expected, i) => expect(received.error[i]).toBeCloseTo(expected, 12));
    signal.forEach((expected, i) => expect(received.signal[i]).toBeCloseTo(expected, 12));
  });

  test.each(names)("%s without smoothing is the loss of that name itself", (name) => {
    expect(getLoss({ name })).toBe(losses.get(name));
    expect(getLoss({ name, labelSmoothing: 0 })).toBe(losses.get(name));
  });

  test.each(names)("%s: only the target's part of the error knows of them", (name) => {
    const rest = ({ error, signal }: ReturnType<typeof evaluate>) =>
      error.map((e, i) => getLoss(name).divisor(3) * e - signal[i]!);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 6, maxLength: 6 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (output, labelSmoothing) => {
          const [bare, smoothed] = [name, { name, labelSmoothing }].map((spec) =>
            rest(evaluate(spec, output)),
          );
          bare!.forEach((expected, i) => expect(smoothed![i]).toBeCloseTo(expected, 12));
        },
      ),
    );
  });

  test.each<[unknown, string]>([
    [
      { name: "softmaxCrossEntropy", labelSmoothing: 1 },
      'Loss "softmaxCrossEntropy": expected "labelSmoothing" to be a number from 0 up to, but not including, 1, received 1.',
    ],
    [{ name: "sigmoidCrossEntropy", labelSmoothing: -0.1 }, "received -0.1"],
    [{ name: "sigmoidCrossEntropy", labelSmoothing: Number.NaN }, "received NaN"],
    [{ name: "sigmoidCrossEntropy", labelSmoothing: "0.1" }, 'received "0.1"'],
    [
      { name: "meanSquaredError", labelSmoothing: 0.1 },
      'Loss "meanSquaredError": expected no labelSmoothing, since its targets are values and no labels, received 0.1. ' +
        "Leave it out, or use one of: softmaxCrossEntropy, sigmoidCrossEntropy.",
    ],
    [{ name: "softmaxCrossEntropie" }, 'Did you mean "softmaxCrossEntropy"?'],
  ])("are refused: %j", (spec, text) => {
    const act = () => getLoss(spec as LossSpec);
    expect(act).toThrow(BioflaxError);
    expect(act).toThrow(text);
  });
});

describe("targets", () => {
  const evaluate = (name: LossName, logits: readonly number[], target: Float64Tensor) => {
    const rows = target.shape[0]!;
    const output = float64Tensor(logits, [rows, logits.length / rows]);
    return losses.get(name).evaluate(referenceOps, output, target);
  };
  const logits = [2, 1, -1, 0.5, -0.5, 3];

  // tensorflow#41413: of one output, the target is the value itself.
  test.each<[string, LossName, readonly number[], Float64Tensor, number]>([
    [
      "a single output's, in a column",
      "sigmoidCrossEntropy",
      [-3, 3, 2, -2],
      float64Tensor([0, 1, 1, 0], [4, 1]),
      0.0877577,
    ],
    [
      "a single output's, as class numbers",
      "sigmoidCrossEntropy",
      [-3, 3, 2, -2],
      float64Tensor([0, 1, 1, 0], [4]),
      0.0877577,
    ],
    [
      "multi-hot",
      "sigmoidCrossEntropy",
      logits,
      float64Tensor([1, 1, 0, 0, 1, 1], [2, 3]),
      0.4583655,
    ],
    [
      "probabilities",
      "softmaxCrossEntropy",
      logits,
      float64Tensor([0.7, 0.2, 0.1, 0.4, 0.35, 0.25], [2, 3]),
      1.5902133,
    ],
  ])("%s", (_what, name, output, target, value) => {
    expect(evaluate(name, output, target).value.data[0]).toBeCloseTo(value, 6);
  });

  const cases = fc.record({
    name: fc.constantFrom<LossName[]>(
      "softmaxCrossEntropy",
      "sigmoidCrossEntropy",
      "meanSquaredError",
    ),
    labelSmoothing: fc.constantFrom(0, 0.2),
    output: fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 6, maxLength: 6 }),
    raw: fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
    weights: fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: 2, maxLength: 2 }),
  });

  test("the error is the gradient, and the losses of examples have the batch's for their mean, weighted or not", () => {
    fc.assert(
      fc.property(cases, ({ name, labelSmoothing, output, raw, weights }) => {
        const loss = getLoss(losses.get(name).smoothed ? { name, labelSmoothing } : name);
        const sums = [0, 1].map((i) => raw.slice(3 * i, 3 * i + 3).reduce((a, b) => a + b));
        const isDistribution = loss.targets.includes("distributions");
        const target = float64Tensor(
          raw.map((x, i) => (isDistribution ? x / sums[Math.floor(i / 3)]! : x)),
          [2, 3],
        );
        const column = float64Tensor(weights, [2, 1]);
        const at = (values: readonly number[]) =>
          loss.evaluate(referenceOps, float64Tensor(values, [2, 3]), target, column);
        const { error, value } = at(output);
        const h = 1e-5;
        output.forEach((x, i) => {
          const [up, down] = [h, -h].map((d) => at(output.with(i, x + d)).value.data[0]!);
          expect(error.data[i]).toBeCloseTo((up! - down!) / (2 * h), 6);
        });
        const each = loss.perExample(referenceOps, float64Tensor(output, [2, 3]), target);
        const mean = weights.reduce((sum, w, i) => sum + w * each.values.data[i]!, 0) / 2;
        expect(value.data[0]).toBeCloseTo(mean, 10);
        each.errors.data.forEach((e, i) =>
          expect((weights[Math.floor(i / 3)]! * e) / 2).toBeCloseTo(error.data[i]!, 10),
        );
      }),
      { numRuns: 60 },
    );
  });
});

test.each<[LossName, GivenTargets, readonly number[], string]>([
  [
    "softmaxCrossEntropy",
    { type: "float32", shape: [2, 3], values: [1, 1, 0, 0, 0, 1] },
    [2, 3],
    'Loss "softmaxCrossEntropy": expected class numbers from 0 to 2, one for each output, [2] or [2, 1]; or rows that sum to 1 ' +
      "(one-hot, or the probability of each class), [2, 3], for an output of shape [2, 3], received a target of shape [2, 3] " +
      "whose row 0 sums to 2. Such targets are for sigmoidCrossEntropy or meanSquaredError.",
  ],
  [
    "sigmoidCrossEntropy",
    { type: "float32", shape: [2], values: [0, 2] },
    [2, 1],
    'Loss "sigmoidCrossEntropy": expected numbers from 0 to 1 (0 or 1, or a probability), [2, 1] or [2]; or class numbers from 0 ' +
      "to 0, one for each output, [2] or [2, 1], for an output of shape [2, 1], received a target of shape [2] with 2 in row 1. " +
      "Such targets are for meanSquaredError.",
  ],
  [
    "meanSquaredError",
    { type: "complex64", shape: [2, 3] },
    [2, 3],
    'Loss "meanSquaredError": expected finite numbers, [2, 3], for an output of shape [2, 3], received a target of shape [2, 3] of ' +
      "type complex64.",
  ],
  [
    "meanSquaredError",
    { type: "float32", shape: [0, 3], values: [] },
    [0, 3],
    'Loss "meanSquaredError": expected at least one example, received none.',
  ],
])("%s refuses %j", (name, given, output, text) => {
  expect(() => readTargets(losses.get(name), given, output)).toThrow(new BioflaxError(text));
});
