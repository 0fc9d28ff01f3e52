import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  BioflaxError,
  float64Tensor,
  getLoss,
  type LossName,
  type LossSpec,
  losses,
  referenceOps,
} from "../index";

test("softmax cross-entropy of logits far apart does not overflow", () => {
  const { value, error } = losses.softmaxCrossEntropy.evaluate(
    referenceOps,
    float64Tensor([1000, 0, -1000], [1, 3]),
    float64Tensor([1], [1]),
  );
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
      [0.05, 0.95, 0.05, 0.05, 0.05, 0.95].map((target) => -target / 6),
    ],
  ])("%s", (name, value, error, signal) => {
    const received = evaluate({ name, labelSmoothing: 0.1 }, logits);
    expect(received.value).toBeCloseTo(value, 12);
    error.forEach((expected, i) => expect(received.error[i]).toBeCloseTo(expected, 12));
    signal.forEach((expected, i) => expect(received.signal[i]).toBeCloseTo(expected, 12));
  });

  test.each(names)("%s without smoothing is the loss of that name itself", (name) => {
    expect(getLoss({ name })).toBe(losses[name]);
    expect(getLoss({ name, labelSmoothing: 0 })).toBe(losses[name]);
  });

  test.each(names)("%s: only the target's part of the error knows of them", (name) => {
    const rest = ({ error, signal }: ReturnType<typeof evaluate>) =>
      error.map((e, i) => e - signal[i]!);
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
      'Loss "softmaxCrossEntropy": expected labelSmoothing to be a number from 0 up to, but not including, 1, received 1.',
    ],
    [{ name: "sigmoidCrossEntropy", labelSmoothing: -0.1 }, "received -0.1"],
    [{ name: "sigmoidCrossEntropy", labelSmoothing: Number.NaN }, "received NaN"],
    [{ name: "sigmoidCrossEntropy", labelSmoothing: "0.1" }, "received 0.1"],
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
