import {
  createTrainable,
  type DenseSpec,
  type GivenOptimizer,
  type LayerSpec,
  type RuleName,
  rateAt,
} from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { followingFeedback, remainingAt } from "./following-feedback";

const sgd = { name: "sgd", learningRate: 0.1 } as const;
const layers: LayerSpec[] = [
  { type: "conv2d", filters: 2, kernelSize: 3 },
  { type: "flatten" },
  { type: "dense", units: 4 },
  { type: "dense", units: 2 },
];
const trainableOf = (
  rule: RuleName,
  optimizer: GivenOptimizer = sgd,
  change: Partial<DenseSpec> = {},
) => {
  const [convolution, flatten, hidden, output] = layers as [
    LayerSpec,
    LayerSpec,
    DenseSpec,
    DenseSpec,
  ];
  return createTrainable({
    spec: {
      inputShape: [5, 4, 1],
      rule,
      layers: [convolution, flatten, { ...hidden, ...change }, output],
    },
    loss: "meanSquaredError",
    optimizer,
  });
};
/** Which feedback weights follow, and what. */
const pairsOf = (...given: Parameters<typeof trainableOf>) => {
  const trainable = trainableOf(...given);
  return followingFeedback(trainable)?.pairs.map(({ feedback, kernel }) =>
    [feedback, kernel].map((at) => trainable.network.parameters[at]?.name),
  );
};
const pair = (layer: number) => [`layers.${layer}.feedback`, `layers.${layer}.kernel`];

describe("feedback weights follow their kernels", () => {
  test.each<[string, GivenOptimizer]>([
    ["sgd", { ...sgd, weightDecay: 0.1 }],
    ["momentum", { ...sgd, momentum: 0.9, nesterov: true }],
    ["adam", { name: "adam", learningRate: 0.1 }],
    ["adamw", { name: "adamw", learningRate: 0.1, schedule: { name: "cosine", steps: 9 } }],
    ["rmsprop", { name: "rmsprop", learningRate: 0.1, momentum: 0.9 }],
  ])("under Kolen-Pollack, with %s", (_name, optimizer) => {
    expect(pairsOf("kp", optimizer)).toEqual([pair(0), pair(2), pair(3)]);
  });

  test.each<RuleName>(["f3", "fdfa", "sdfa", "drtp", "ldfa"])("above a layer under %s", (rule) => {
    const [convolution, ...rest] = layers as [LayerSpec, ...LayerSpec[]];
    const trainable = createTrainable({
      spec: {
        inputShape: [5, 4, 1],
        rule: "kp",
        layers: [{ ...convolution, rule } as LayerSpec, ...rest],
      },
      loss: "softmaxCrossEntropy",
      optimizer: sgd,
    });
    const names = followingFeedback(trainable)?.pairs.map(
      ({ kernel }) => trainable.network.parameters[kernel]?.name,
    );
    expect(names).toEqual([pair(2)[1], pair(3)[1]]);
  });

  test("within a clipped gradient, which both learn from", () => {
    expect(pairsOf("kp", sgd, { clipNorm: 1 })).toEqual([pair(0), pair(2), pair(3)]);
  });

  test.each(["fa", "wm", "dfa", "dkp", "bp", "frsf"] as const)("not under %s", (rule) => {
    expect(pairsOf(rule)).toBeUndefined();
  });

  test("not in a layer whose kernel is constrained, and the feedback weights are not", () => {
    expect(pairsOf("kp", sgd, { constrainNorm: true })).toEqual([pair(0), pair(3)]);
  });

  test("not with an optimizer for which it matters how large a weight is", () => {
    const relative = {
      name: "relative",
      options: {},
      create: () => ({
        slots: [],
        update: (ops, { parameter, gradient }) => ({
          parameter: ops.sub(parameter, ops.mul(ops.abs(parameter), gradient)),
          slots: [],
        }),
      }),
    } satisfies Extract<GivenOptimizer["name"], object>;
    expect(pairsOf("kp", { name: relative, learningRate: 0.1 } as GivenOptimizer)).toBeUndefined();
  });
});

describe("what is between them", () => {
  const factorAt = (optimizer: GivenOptimizer, step: number) =>
    rateAt(followingFeedback(trainableOf("kp", optimizer))?.factor ?? Number.NaN, step);

  test("stays where nothing decays, and decays by λ, or adamw's η·λ", () => {
    expect(factorAt(sgd, 3)).toBe(1);
    expect(factorAt({ ...sgd, weightDecay: 0.25 }, 3)).toBe(0.75);
    expect(factorAt({ name: "adamw", learningRate: 0.5, weightDecay: 0.25 }, 3)).toBe(0.875);
    const schedule = { name: "cosine", steps: 4 } as const;
    const scheduled = { name: "adamw", learningRate: 0.5, weightDecay: 0.25, schedule } as const;
    expect(factorAt(scheduled, 0)).toBe(0.875);
    expect(factorAt(scheduled, 2)).toBeCloseTo(0.9375, 12);
  });

  test("is told to the same bits however steps are cut, until nothing is left", () => {
    const following = { pairs: [], factor: (step: number) => 1 - (step + 1) / 1000 };
    const whole = remainingAt(following, { remaining: 1, taken: 0, count: 400 });
    const first = remainingAt(following, { remaining: 1, taken: 0, count: 7 });
    const rest = remainingAt(following, { remaining: first[7]!, taken: 7, count: 393 });
    expect([...first.subarray(0, 7), ...rest]).toEqual([...whole]);
    expect(whole[1]).toBeCloseTo(0.999, 7);
    expect(whole.findIndex((x) => x < 2 ** -64)).toBeGreaterThan(0);
    expect(whole.at(-1)).toBe(0);
  });
});
