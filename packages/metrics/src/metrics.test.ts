import {
  createNetwork,
  type Float64Tensor,
  float64Tensor,
  getLoss,
  groupByLayer,
  type LossName,
  lossAndGradients,
  norm,
  prepareStep,
  Random,
  type RuleName,
  referenceOps,
  rules,
} from "@bioflax/core";
import {
  type PlainBatch,
  plainPass,
  plainTransport,
  plainWeights,
  recurrentCases,
  type TrainingCase,
  trainingCase,
  trainingDefinition,
} from "@bioflax/core/testing";
import { describe, expect, test } from "@jest/globals";
import {
  accuracy,
  alignment,
  comparison,
  cosine,
  countCorrect,
  countRight,
  degrees,
  EvaluationTotal,
  normRatio,
  summarizeAlignment,
  type VectorPair,
} from "./index";

const vector = (...values: number[]) => float64Tensor(values, [values.length]);
const value = ({ data }: Float64Tensor) => data[0] as number;

describe("vectors", () => {
  test("norms and cosines run over several tensors as over one", () => {
    expect(value(norm(referenceOps, [vector(3), vector(0, 4)]))).toBe(5);
    expect(value(normRatio(referenceOps, [vector(3, 4)], [vector(0, 2)]))).toBe(2.5);
    expect(
      value(cosine(referenceOps, [vector(1), vector(0, 1)], [vector(0), vector(1, 1)])),
    ).toBeCloseTo(0.5, 12);
  });
  test("a ratio to a zero vector is not defined, not 1e30", () => {
    expect(value(normRatio(referenceOps, [vector(1)], [vector(0)]))).toBeNaN();
    expect(value(normRatio(referenceOps, [vector(0)], [vector(0)]))).toBeNaN();
    expect(value(normRatio(referenceOps, [vector(0)], [vector(1)]))).toBe(0);
  });
  test("a cosine is never beyond ±1, whatever the rounding", () => {
    const x = vector(0.1, 0.2, 0.3, 0.7, 1e-9);
    for (const factor of [3, -3, 1 / 3]) {
      const y = referenceOps.mul(x, factor);
      expect(Math.abs(value(cosine(referenceOps, [x], [y])))).toBeLessThanOrEqual(1);
    }
  });
  test("many pairs are compared as each by itself, whichever tensors they share", () => {
    const random = new Random(1);
    const tensor = (...shape: number[]) =>
      float64Tensor(
        Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
        shape,
      );
    const layers = Array.from({ length: 12 }, (_, i): VectorPair<Float64Tensor> => {
      const [rows, columns] = i % 4 === 3 ? [3, 2] : [2, 3];
      const side = () => [tensor(rows, columns), ...(i % 5 === 0 ? [] : [tensor(columns)])];
      return [side(), side()];
    });
    const sides = ([0, 1] as const).map((side) => layers.flatMap((pair) => pair[side]));
    const kernels = layers.map(([[a], [b]]): VectorPair<Float64Tensor> => [[a!], [b!]]);
    const pairs = [sides as unknown as VectorPair<Float64Tensor>, ...layers, ...kernels];
    const { cosines, normRatios } = comparison(referenceOps, pairs);
    for (const [i, [a, b]] of pairs.entries()) {
      const [x, y] = [a, b].map((one) => one.flatMap(({ data }) => [...data]));
      const [both, own, other] = [
        [x!, y!],
        [x!, x!],
        [y!, y!],
      ].map(([p, q]) => p!.reduce((sum, v, k) => sum + v * q![k]!, 0));
      expect(cosines.data[i]).toBeCloseTo(both! / Math.sqrt(own! * other!), 12);
      expect(normRatios.data[i]).toBeCloseTo(Math.sqrt(own! / other!), 12);
    }
  });
  test("a deep network's comparison has as few operations as a shallow one's, but for telling values apart", () => {
    const counted = (count: number) => {
      const names: string[] = [];
      const ops = new Proxy(referenceOps, {
        get(target, name: keyof typeof referenceOps) {
          names.push(name);
          return target[name];
        },
      });
      const x = Array.from({ length: count }, (_, i) => vector(i, 1));
      const y = Array.from({ length: count }, (_, i) => vector(1, i));
      comparison(
        ops,
        x.map((one, i): VectorPair<Float64Tensor> => [[one], [y[i]!]]),
      );
      return names.filter((name) => !["shape", "slice", "reshape"].includes(name)).length;
    };
    expect(counted(50)).toBe(counted(10));
  });
  test("a zero vector has no angle, and so no cosine: neither 0 nor 90°", () => {
    expect(value(cosine(referenceOps, [vector(0, 0)], [vector(1, 2)]))).toBeNaN();
    expect(value(cosine(referenceOps, [vector(1, 2)], [vector(0, 0)]))).toBeNaN();
    expect(value(cosine(referenceOps, [vector(0, 0)], [vector(0, 0)]))).toBeNaN();
    expect(degrees(Number.NaN)).toBeNaN();
  });
  test.each([
    [1, 0],
    [0, 90],
    [-1, 180],
    [1 + 1e-7, 0],
    [-1 - 1e-7, 180],
  ])("degrees(%p) = %p", (cos, angle) => expect(degrees(cos)).toBeCloseTo(angle, 10));
});

test("accuracy counts the first of equal scores", () => {
  const output = float64Tensor([1, 2, 2, 3, 0, 0, 5, 5, 5], [3, 3]);
  expect(value(countCorrect(referenceOps, output, vector(1, 0, 2)))).toBe(2);
  expect(value(accuracy(referenceOps, output, vector(2, 0, 0)))).toBeCloseTo(2 / 3, 12);
});

test("scores among which one is NaN are of no class, an output that is NaN is wrong", () => {
  const { NaN: none } = Number;
  const output = float64Tensor([none, 2, 1, 2, none, 1, 3, 2, none, 3, 2, 1], [4, 3]);
  for (const labels of [vector(0, 0, 0, 0), vector(1, 1, 1, 0), vector(2, 2, 2, 0)])
    expect(value(countCorrect(referenceOps, output, labels))).toBe(1);
  const rows = float64Tensor([none, 1, none, -1], [2, 2]);
  for (const labels of [
    [0, 1, 0, 0],
    [1, 1, 1, 0],
  ]) {
    const target = float64Tensor(labels, [2, 2]);
    const right = countRight(referenceOps, getLoss("sigmoidCrossEntropy"), rows, target);
    expect(value(right.accuracy as Float64Tensor)).toBe(1);
    expect(value(right.exactMatch as Float64Tensor)).toBe(0);
  }
});

describe("what is right", () => {
  const counted = (name: LossName, output: Float64Tensor, target: Float64Tensor) =>
    Object.entries(countRight(referenceOps, getLoss(name), output, target)).map(
      ([measure, count]) => [measure, value(count)],
    );
  const rows = float64Tensor([2, 1, -1, 0.5, -0.5, 3], [2, 3]);

  test.each<[string, LossName, Float64Tensor, Float64Tensor, [string, number][]]>([
    ["class numbers", "softmaxCrossEntropy", rows, vector(0, 1), [["accuracy", 1]]],
    ["class numbers under sigmoids", "sigmoidCrossEntropy", rows, vector(1, 2), [["accuracy", 1]]],
    [
      "probabilities of classes",
      "softmaxCrossEntropy",
      rows,
      float64Tensor([0.3, 0.3, 0.4, 0.2, 0.1, 0.7], [2, 3]),
      [["accuracy", 1]],
    ],
    [
      "multi-hot rows",
      "sigmoidCrossEntropy",
      rows,
      float64Tensor([1, 1, 0, 0, 0, 1], [2, 3]),
      [
        ["accuracy", 1 + 2 / 3],
        ["exactMatch", 1],
      ],
    ],
    [
      "one output and 0 or 1",
      "sigmoidCrossEntropy",
      float64Tensor([-3, 3, 2, 0], [4, 1]),
      float64Tensor([0, 1, 0, 0], [4, 1]),
      [["accuracy", 3]],
    ],
    [
      "one output and class numbers",
      "sigmoidCrossEntropy",
      float64Tensor([-3, 3, 2, -2], [4, 1]),
      vector(0, 1, 0, 1),
      [["accuracy", 2]],
    ],
    ["values", "meanSquaredError", rows, rows, []],
  ])("of %s", (_what, name, output, target, expected) => {
    const received = counted(name, output, target);
    expect(received.map(([measure]) => measure)).toEqual(expected.map(([measure]) => measure));
    expected.forEach(([, count], i) => expect(received[i]![1]).toBeCloseTo(count, 12));
  });

  test("batches add up, each example as much as any other", () => {
    const total = new EvaluationTotal();
    total.add(3, ["accuracy"], [2, 1]);
    total.add(1, ["accuracy"], [6, 1]);
    expect(total.result(1)).toEqual({ loss: 3, accuracy: 0.5 });
    expect(total.result(2)).toEqual({ loss: 3, accuracy: 0.25 });
  });
});

/** Plain float64 arithmetic on lists of numbers. */
const plain = {
  dot: (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0),
  norm: (a: number[]) => Math.sqrt(plain.dot(a, a)),
  cosine: (a: number[], b: number[]) => plain.dot(a, b) / plain.norm(a) / plain.norm(b),
};

function measure(rule: RuleName) {
  const given = trainingCase({
    rule,
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 1 },
  });
  const network = createNetwork(given.spec);
  const { inputs } = trainingDefinition(given);
  const tensors = inputs.map(({ data, shape }) => float64Tensor(data, shape));
  const [input, target, ...noise] = tensors.slice(network.parameters.length) as [
    Float64Tensor,
    Float64Tensor,
    ...Float64Tensor[],
  ];
  const unmirrored = groupByLayer(network, tensors);
  const parameters = prepareStep(referenceOps, network, unmirrored, noise);
  const pass = lossAndGradients(referenceOps, { network, loss: getLoss(given.loss) }, parameters, {
    input,
    target,
  });
  const measured = alignment(referenceOps, network, parameters, pass);
  const weights = plainWeights(given.spec, given.weights);
  parameters.forEach(({ feedback }, layer) => {
    if (feedback === undefined) return;
    const [, columns] = feedback.shape as [number, number];
    weights[`layers.${layer}.feedback`] = Array.from({ length: feedback.shape[0]! }, (_, i) => [
      ...feedback.data.subarray(i * columns, (i + 1) * columns),
    ]);
  });
  const flat = (matrix: number[][] | undefined) => (matrix as number[][]).flat();
  const batch = given.batches[0]!;
  const passUnder = (as: RuleName) =>
    plainPass({ ...given, spec: { ...given.spec, rule: as } }, weights, batch);
  const gradients = (as: RuleName) => {
    const { gradients: plainGradients } = passUnder(as);
    return (names: string[]) => names.flatMap((name) => flat(plainGradients[name]));
  };
  return {
    values: Object.fromEntries(
      Object.entries(measured).map(([name, scalar]) => [name, value(scalar)]),
    ),
    own: gradients(rule),
    reference: gradients("bp"),
    signals: (as: RuleName) => passUnder(as).signals.map((signal) => signal.flat()),
    transport: (layer: number) => plainTransport(given.spec, weights, batch, layer).flat(),
    weights: (name: string) => flat(weights[name]),
    matrix: (name: string) => weights[name] as number[][],
  };
}

describe.each(rules.names() as RuleName[])("alignment of %s", (rule) => {
  const { values, own, reference } = measure(rule);
  const layers = [0, 1, 2];
  test("of gradients, per layer and in total, is that of the plain loops", () => {
    for (const layer of layers) {
      const both = [`layers.${layer}.kernel`, `layers.${layer}.bias`];
      expect(values[`layers.${layer}.gradient`]).toBeCloseTo(
        plain.cosine(own(both), reference(both)),
        10,
      );
      const bias = both.slice(1);
      expect(values[`layers.${layer}.biasGradient`]).toBeCloseTo(
        plain.cosine(own(bias), reference(bias)),
        10,
      );
      expect(values[`layers.${layer}.gradientNormRatio`]).toBeCloseTo(
        plain.norm(reference(both)) / plain.norm(own(both)),
        8,
      );
    }
    const all = layers.flatMap((layer) => [`layers.${layer}.kernel`, `layers.${layer}.bias`]);
    expect(values.gradient).toBeCloseTo(plain.cosine(own(all), reference(all)), 10);
    expect(values.gradientNormRatio).toBeCloseTo(
      plain.norm(reference(all)) / plain.norm(own(all)),
      8,
    );
    const biases = all.filter((name) => name.endsWith("bias"));
    expect(values.biasGradient).toBeCloseTo(plain.cosine(own(biases), reference(biases)), 10);
  });

  test("of error signals, at each hidden layer and in total, is that of the plain loops", () => {
    const { signals } = measure(rule);
    const [mine, expected] = [signals(rule).slice(0, -1), signals("bp").slice(0, -1)];
    for (const layer of [0, 1]) {
      expect(values[`layers.${layer}.signal`]).toBeCloseTo(
        plain.cosine(mine[layer]!, expected[layer]!),
        10,
      );
    }
    expect(values.signal).toBeCloseTo(plain.cosine(mine.flat(), expected.flat()), 10);
    expect(values["layers.2.signal"]).toBeUndefined();
  });
});

describe("alignment of weights", () => {
  test.each(
    (rules.names() as RuleName[]).filter(
      (rule) => rule !== "bp" && rules.get(rule).route.source === "above",
    ),
  )("%s: what really carries the errors against the kernel, the first layer's apart", (rule) => {
    const { values, weights, transport } = measure(rule);
    const pairs = [0, 1, 2].map((l) => [transport(l), weights(`layers.${l}.kernel`)] as const);
    for (const l of [1, 2]) {
      expect(values[`layers.${l}.weights`]).toBeCloseTo(
        plain.cosine(...(pairs[l] as [number[], number[]])),
        10,
      );
      expect(values[`layers.${l}.weightNormRatio`]).toBeCloseTo(
        plain.norm(pairs[l]![0]) / plain.norm(pairs[l]![1]),
        10,
      );
    }
    expect(values["layers.0.weights"]).toBeUndefined();
    expect(values["inputFeedback.weights"]).toBeCloseTo(
      plain.cosine(...(pairs[0] as [number[], number[]])),
      10,
    );
    expect(values.weights).toBeCloseTo(
      plain.cosine([...pairs[1]![0], ...pairs[2]![0]], [...pairs[1]![1], ...pairs[2]![1]]),
      10,
    );
  });

  test.each(
    (rules.names() as RuleName[]).filter((rule) => rules.get(rule).route.source === "output"),
  )("%s: what carries the errors against the product of the kernels above it", (rule) => {
    const { values, weights, matrix, transport } = measure(rule);
    expect(values["layers.1.weights"]).toBeCloseTo(
      plain.cosine(transport(1), weights("layers.2.kernel")),
      10,
    );
    const product = matrix("layers.1.kernel").flatMap((row) =>
      matrix("layers.2.kernel")[0]!.map((_, j) =>
        row.reduce((sum, w, k) => sum + w * matrix("layers.2.kernel")[k]![j]!, 0),
      ),
    );
    expect(values["layers.0.weights"]).toBeCloseTo(plain.cosine(transport(0), product), 10);
    expect(values["layers.2.weights"]).toBeUndefined();
    expect(values["inputFeedback.weights"]).toBeUndefined();
  });

  test("backpropagation is its own reference", () => {
    const { values } = measure("bp");
    expect(values.gradient).toBeCloseTo(1, 12);
    expect(values.gradientNormRatio).toBeCloseTo(1, 12);
    expect(values.weights).toBeUndefined();
  });
});

test("a summary averages over batches and adds angles to cosines", () => {
  const random = new Random(1);
  const batches = [0, 1, 2].map(() => ({
    gradient: random.uniform(),
    "layers.0.biasGradient": random.uniform(),
    gradientNormRatio: 2,
  }));
  const summary = summarizeAlignment(batches);
  const mean = (batches[0]!.gradient + batches[1]!.gradient + batches[2]!.gradient) / 3;
  expect(summary.gradient).toBeCloseTo(mean, 12);
  expect(summary.gradientAngle).toBeCloseTo((Math.acos(mean) * 180) / Math.PI, 10);
  expect(summary["layers.0.biasGradientAngle"]).toBeGreaterThan(0);
  expect(summary.gradientNormRatio).toBe(2);
  expect(Object.keys(summary)).not.toContain("gradientNormRatioAngle");
  expect(Object.keys(summary)).not.toContain("gradientBatches");
  expect(summarizeAlignment([])).toEqual({});
  expect(summarizeAlignment([{ weights: 0, "layers.1.weights": 0 }])).toMatchObject({
    weightsAngle: 90,
    "layers.1.weightsAngle": 90,
  });
});

test("a summary leaves out the batches where a value is not defined, and says of how many it is", () => {
  const nothing = Number.NaN;
  const batches = [
    { gradient: 0.25, gradientNormRatio: nothing, "layers.0.signal": nothing },
    { gradient: nothing, gradientNormRatio: 3, "layers.0.signal": nothing },
    { gradient: 0.75, gradientNormRatio: 5, "layers.0.signal": nothing },
  ];
  expect(summarizeAlignment(batches)).toEqual({
    gradient: 0.5,
    gradientAngle: expect.closeTo(60, 10),
    gradientBatches: 2,
    gradientNormRatio: 4,
    gradientNormRatioBatches: 2,
    "layers.0.signal": nothing,
    "layers.0.signalAngle": nothing,
    "layers.0.signalBatches": 0,
  });
});

describe("alignment of a recurrent layer", () => {
  const given = recurrentCases({ steps: 1 }).find(
    ({ spec, name }) => spec.rule === "fa" && name.endsWith("simpleRNN over simpleRNN"),
  ) as TrainingCase;
  const network = createNetwork(given.spec);
  const parameters = groupByLayer(
    network,
    network.parameters.map(({ name, shape }) =>
      float64Tensor(given.weights[name] as Float32Array, shape),
    ),
  );
  const [batch] = given.batches as [PlainBatch];
  const pass = lossAndGradients(referenceOps, { network, loss: getLoss(given.loss) }, parameters, {
    input: float64Tensor(batch.input.flat(), [batch.input.length, ...given.spec.inputShape]),
    target: batch.labels
      ? float64Tensor(batch.labels, [batch.labels.length])
      : float64Tensor((batch.values as number[][]).flat(), [batch.input.length, network.outputs]),
  });
  const values = Object.fromEntries(
    Object.entries(alignment(referenceOps, network, parameters, pass)).map(([name, scalar]) => [
      name,
      value(scalar),
    ]),
  );
  const weights = plainWeights(given.spec, given.weights);
  const rowsOf = (name: string, from: number, to?: number) =>
    (weights[name] as number[][]).slice(from, to).flat();

  test("is of the input's rows and of the state's, and the state's teach in the first layer, too", () => {
    for (const [layer, inputs] of [
      [0, 2],
      [1, 4],
    ] as const) {
      const [kernel, feedback] = [`layers.${layer}.kernel`, `layers.${layer}.feedback`];
      expect(values[`layers.${layer}.recurrent.weights`]).toBeCloseTo(
        plain.cosine(rowsOf(feedback, inputs), rowsOf(kernel, inputs)),
        10,
      );
    }
    expect(values["inputFeedback.weights"]).toBeCloseTo(
      plain.cosine(rowsOf("layers.0.feedback", 0, 2), rowsOf("layers.0.kernel", 0, 2)),
      10,
    );
    expect(values["layers.0.weights"]).toBeUndefined();
    const both = (role: string) => [
      ...rowsOf(`layers.0.${role}`, 2),
      ...[1, 2, 3].flatMap((layer) => rowsOf(`layers.${layer}.${role}`, 0)),
    ];
    expect(values.weights).toBeCloseTo(plain.cosine(both("feedback"), both("kernel")), 10);
  });

  test("is of gradients and of the errors at every state as the plain loops have them", () => {
    const own = plainPass(given, weights, batch);
    const bp = plainPass({ ...given, spec: { ...given.spec, rule: "bp" } }, weights, batch);
    const state = ({ gradients }: typeof own) =>
      (gradients["layers.0.kernel"] as number[][]).slice(2).flat();
    expect(values["layers.0.recurrent.gradient"]).toBeCloseTo(
      plain.cosine(state(own), state(bp)),
      10,
    );
    for (const layer of [0, 1])
      expect(values[`layers.${layer}.signal`]).toBeCloseTo(
        plain.cosine(own.signals[layer]!.flat(), bp.signals[layer]!.flat()),
        10,
      );
  });
});
