import { describe, expect, test } from "@jest/globals";
import {
  createTrainable,
  type Float64Tensor,
  flatten,
  float64Tensor,
  getRule,
  groupByLayer,
  initializeWeights,
  Random,
  referenceOps,
  type TrainingState,
  trainStep,
} from "../index";

const SIZES = { inputs: 6, hidden: 5, outputs: 3 };
const DECAY = 0.02;

function trainableOf(rule: "pfa" | "ldfa", feedbackRank: number) {
  const options = { feedbackRank, activation: "tanh" } as const;
  return createTrainable({
    spec: {
      inputShape: [SIZES.inputs],
      rule,
      layers: [
        { type: "dense", units: SIZES.hidden, ...options },
        { type: "dense", units: SIZES.outputs, feedbackRank },
      ],
    },
    loss: "meanSquaredError",
    optimizer: { name: "sgd", learningRate: 0.1, weightDecay: DECAY },
  });
}

/** Q − W·Pᵀ of a layer. */
function apart({ parameters }: TrainingState<Float64Tensor>, layer: number): number[] {
  const { kernel, feedback, errorProjection } = parameters[layer]!;
  const mirrored = referenceOps.matMul(kernel!, errorProjection!, { transposeB: true });
  return [...referenceOps.sub(feedback!, mirrored).data];
}

test("pfa: Q − W·Pᵀ shrinks by the weight decay at each step, and P stays", () => {
  const trainable = trainableOf("pfa", 8);
  const { network } = trainable;
  const weights = initializeWeights(network, 1);
  const values = network.parameters.map(({ name, shape }) => float64Tensor(weights[name]!, shape));
  const start: TrainingState<Float64Tensor> = {
    parameters: groupByLayer(network, values),
    slots: values.map(() => []),
  };
  const random = new Random(0);
  const draw = (rows: number, columns: number) =>
    float64Tensor(
      Array.from({ length: rows * columns }, () => random.normal()),
      [rows, columns],
    );
  let state = start;
  const STEPS = 7;
  for (let step = 1; step <= STEPS; step++)
    state = trainStep(referenceOps, trainable, state, {
      batch: { input: draw(4, SIZES.inputs), target: draw(4, SIZES.outputs) },
      noise: [],
      step: float64Tensor([step], []),
      rate: 0.1,
    }).state;
  for (const layer of [0, 1]) {
    const before = apart(start, layer);
    apart(state, layer).forEach((value, i) => {
      expect(value).toBeCloseTo(before[i]! * (1 - DECAY) ** STEPS, 10);
    });
  }
  flatten(network, state.parameters).forEach((value, i) => {
    const { role, name } = network.parameters[i]!;
    if (role === "errorProjection") expect([name, value]).toEqual([name, values[i]]);
    else expect([name, value]).not.toEqual([name, values[i]]);
  });
});

describe("ldfa", () => {
  test("Oja's rule turns the rows of P to the largest principal components of the error", () => {
    // Errors along the first two of five axes, mixed in one batch, and little along the others.
    const scales = [2, 1.5, 0.1, 0.1, 0.1];
    const batch = 10;
    const rows = scales.flatMap((scale, axis) =>
      [1, -1].map((sign) => scales.map((_, j) => (j === axis ? (sign * scale) / batch : 0))),
    );
    const error = float64Tensor(rows.flat(), [batch, 5]);
    const random = new Random(4);
    let projection = float64Tensor(
      Array.from({ length: 2 * 5 }, () => random.normal() / Math.sqrt(5)),
      [2, 5],
    );
    const { gradient } = getRule("ldfa").errorProjection!;
    for (let step = 0; step < 400; step++)
      projection = referenceOps.axpby(
        1,
        projection,
        -0.1,
        gradient!(referenceOps, { projection, error }),
      );
    const seen = referenceOps.matMul(projection, projection, { transposeA: true });
    [...seen.data].forEach((value, i) => {
      const isSeen = i === 0 || i === 6;
      expect(value).toBeCloseTo(isSeen ? 1 : 0, 3);
    });
  });

  test("an embedding, which sends no error on, leaves its P as it starts", () => {
    const { parameters } = createTrainable({
      spec: {
        inputShape: [3],
        rule: "ldfa",
        layers: [
          { type: "embedding", inputDim: 4, outputDim: 3 },
          { type: "flatten" },
          { type: "dense", units: 2 },
        ],
      },
      loss: "softmaxCrossEntropy",
      optimizer: { name: "sgd", learningRate: 0.1, momentum: 0.9 },
    }).network;
    expect(
      parameters.flatMap(({ role, learns, changes }) =>
        role === "errorProjection" ? [[learns, changes]] : [],
      ),
    ).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  test("no more dimensions are sent than there are", () => {
    const { network } = trainableOf("ldfa", 4);
    const shapes = network.parameters.flatMap(({ name, shape }) =>
      name.endsWith("errorProjection") ? [shape] : [],
    );
    expect(shapes).toEqual([
      [4, SIZES.hidden],
      [SIZES.outputs, SIZES.outputs],
    ]);
  });
});
