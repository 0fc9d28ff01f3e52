import {
  inFloat64,
  type NetworkCaseOptions,
  networkCase,
  type PlainBatch,
  plainEvaluation,
  plainWeights,
  randomNetworkCase,
  rulesAndLosses,
  type TrainingCase,
  trainingCase,
} from "@bioflax/core/testing";
import { describe, expect, test } from "@jest/globals";
import {
  backward,
  createNetwork,
  forward,
  inputGradient,
  type LayerSpec,
  outputOf,
  type RuleName,
  referenceOps,
  rules,
  symbolsOf,
} from "../index";

/** ∂Lᵢ/∂xᵢ by differences of the plain reference's loss, which knows no backward pass. */
function byDifferences({ spec, loss, weights, batches }: TrainingCase, h = 1e-5): number[] {
  const [batch] = batches as [PlainBatch];
  const plain = plainWeights(spec, weights);
  return batch.input.flatMap((row, i) => {
    const lossAt = (at: number, by: number) => {
      const moved = row.map((value, j) => (j === at ? value + by : value));
      const one = {
        ...(batch.labels && { labels: [batch.labels[i] as number] }),
        ...(batch.values && { values: [batch.values[i] as number[]] }),
        input: [moved],
      };
      return plainEvaluation({ spec, loss }, plain, one as PlainBatch).loss;
    };
    return row.map((_, j) => (lossAt(j, h) - lossAt(j, -h)) / (2 * h));
  });
}

function expectTrue(given: TrainingCase) {
  const { trainable, parameters, input, target } = inFloat64(given);
  const gradient = inputGradient(referenceOps, trainable, parameters, { input, target });
  expect(gradient.shape).toEqual(input.shape);
  byDifferences(given).forEach((expected, i) => {
    expect(Math.abs((gradient.data[i] as number) - expected)).toBeLessThan(1e-6);
  });
}

const optimizer = { name: "sgd", learningRate: 0.1 } as const;

test.each(rulesAndLosses)(
  "under %s and %s it is what the loss changes by, whatever the rule sends",
  (rule, loss) => expectTrue(trainingCase({ rule, loss, optimizer })),
);

// Symbols have no gradient.
const random = Array.from({ length: 70 }, (_, seed) => randomNetworkCase(seed)).filter(
  ({ spec }) => symbolsOf(createNetwork(spec)) === undefined,
);
test.each(random.map((given) => [given.seed, given] as const))(
  "of random network %i, with layers of any kind, it is what the loss changes by",
  (_seed, given) => expectTrue(given),
);

describe("of layers that work otherwise in training", () => {
  const caseOf = (layers: readonly LayerSpec[], more: Partial<NetworkCaseOptions> = {}) =>
    networkCase({
      name: "layers",
      spec: { inputShape: [3, 2], rule: "dfa", layers },
      ...{ loss: "softmaxCrossEntropy", optimizer, batch: 4, steps: 1, seed: 1, ...more },
    });
  const head: LayerSpec[] = [{ type: "flatten" }, { type: "dense", units: 3 }];

  test("normalisation is by the moving statistics, and nothing is dropped", () => {
    const norm: LayerSpec = { type: "batchNormalization", movingVarianceInitializer: "ones" };
    expectTrue(caseOf([norm, { type: "dropout", rate: 0.5 }, ...head]));
  });

  test("in training, normalisation is by the batch", () => {
    const { trainable, parameters, input, target } = inFloat64(
      caseOf([{ type: "batchNormalization" }, ...head]),
    );
    const [evaluated, trained] = [false, true].map((training) =>
      inputGradient(referenceOps, trainable, parameters, { input, target }, training),
    );
    expect([...(trained?.data ?? [])]).not.toEqual([...(evaluated?.data ?? [])]);
  });
});

// The trap: an attack with what a direct rule sends to the input would seem to fail.
test.each<RuleName>(["dfa", "fa"])(
  "under %s, what the rule itself sends is no gradient",
  (rule) => {
    const { trainable, parameters, input, target } = inFloat64(
      trainingCase({ rule, loss: "softmaxCrossEntropy", optimizer }),
    );
    const { network, loss } = trainable;
    const tape = forward(referenceOps, network, parameters, input);
    const { errors } = loss.perExample(referenceOps, outputOf(tape), target);
    const own = backward(
      referenceOps,
      network,
      parameters,
      tape,
      { delta: errors },
      { toInput: true },
    );
    const truth = inputGradient(referenceOps, trainable, parameters, { input, target });
    if (rules.get(rule).route.source === "output") expect(own.input).toBeUndefined();
    else expect([...(own.input?.data ?? [])]).not.toEqual([...truth.data]);
    expect(truth.data.some((value) => Math.abs(value) > 0.01)).toBe(true);
  },
);
