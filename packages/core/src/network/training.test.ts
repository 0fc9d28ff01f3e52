import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { firstPass } from "../../testing/first-pass";
import {
  chosen,
  referenceInterpreter,
  rulesAndLosses,
  scheduleCases,
  trainingCase,
  trainingCases,
  trainingDefinition,
  worstTrainingError,
} from "../../testing/index";
import {
  type ActivationName,
  activations,
  createNetwork,
  flatten,
  float64Tensor,
  getLoss,
  groupByLayer,
  type OptimizerSpec,
  prepareStep,
  referenceOps,
  rules,
} from "../index";

test.each(chosen(trainingCases({ steps: 10 }), 2).map((given) => [given.name, given] as const))(
  "ten steps are the plain loops': %s",
  async (_name, given) => {
    expect(await worstTrainingError(referenceInterpreter, given)).toBeLessThan(1e-9);
  },
);

test("random networks of any depth and size, with and without bias, train as the plain loops do", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        ruleAndLoss: fc.constantFrom(...rulesAndLosses),
        optimizer: fc.constantFrom<OptimizerSpec[]>(
          { name: "sgd", learningRate: 0.05, momentum: 0.5, weightDecay: 0.02 },
          { name: "adam", learningRate: 0.01 },
        ),
        sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
        activations: fc.array(fc.constantFrom(...(activations.names() as ActivationName[])), {
          minLength: 4,
          maxLength: 4,
        }),
        useBias: fc.boolean(),
        batch: fc.integer({ min: 1, max: 5 }),
        steps: fc.constant(3),
        seed: fc.nat(1000),
        schedule: fc.constantFrom(undefined, ...scheduleCases),
        labelSmoothing: fc.constantFrom(0, 0.3),
      }),
      async ({ ruleAndLoss: [rule, name], optimizer, schedule, labelSmoothing, ...options }) => {
        const given = trainingCase({
          ...options,
          rule,
          loss: getLoss(name).smoothed ? { name, labelSmoothing } : name,
          optimizer: schedule === undefined ? optimizer : { ...optimizer, schedule },
        });
        expect(await worstTrainingError(referenceInterpreter, given)).toBeLessThan(1e-8);
      },
    ),
    { numRuns: 200 },
  );
});

describe("what makes a rule that rule", () => {
  const base = {
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1 },
  } as const;

  test("backpropagation's gradient is the loss's own, by central differences", () => {
    const given = trainingCase({ ...base, rule: "bp" });
    const { network, gradients } = firstPass(given);
    const flat = flatten(network, gradients);
    const h = 1e-3;
    network.parameters.forEach(({ name }, p) => {
      const lossAt = (i: number, shift: number) => {
        const weights = {
          ...given.weights,
          [name]: given.weights[name]!.with(i, Math.fround(given.weights[name]![i]! + shift)),
        };
        return [firstPass({ ...given, weights }).loss.data[0]!, weights[name]![i]!] as const;
      };
      for (const i of [0, given.weights[name]!.length - 1]) {
        const [[up, wUp], [down, wDown]] = [lossAt(i, h), lossAt(i, -h)];
        expect(flat[p]!.data[i]).toBeCloseTo((up - down) / (wUp - wDown), 4);
      }
    });
  });

  test("feedback equal to the kernels makes fa and kp backpropagation", () => {
    const expected = firstPass(trainingCase({ ...base, rule: "bp" }));
    for (const rule of ["fa", "kp"] as const) {
      const given = trainingCase({ ...base, rule });
      const weights = Object.fromEntries(
        Object.entries(given.weights).map(([name, values]) => [
          name,
          given.weights[name.replace("feedback", "kernel")] ?? values,
        ]),
      );
      const { gradients } = firstPass({ ...given, weights });
      gradients.forEach(({ kernel }, l) => expect(kernel).toEqual(expected.gradients[l]?.kernel));
    }
  });

  test("with one hidden layer and B = W of the output layer, dfa is backpropagation", () => {
    const sizes = [5, 7, 4];
    const expected = firstPass(trainingCase({ ...base, sizes, rule: "bp" }));
    const given = trainingCase({ ...base, sizes, rule: "dfa" });
    const { gradients } = firstPass({
      ...given,
      weights: { ...given.weights, "layers.0.feedback": given.weights["layers.1.kernel"]! },
    });
    gradients.forEach(({ kernel }, l) => expect(kernel).toEqual(expected.gradients[l]?.kernel));
  });

  test("fixed feedback has no gradient, and Kolen-Pollack's is the kernel's", () => {
    for (const rule of ["fa", "dfa"] as const) {
      for (const { feedback } of firstPass(trainingCase({ ...base, rule })).gradients)
        expect(feedback).toBeUndefined();
    }
    for (const { kernel, feedback } of firstPass(trainingCase({ ...base, rule: "kp" })).gradients)
      expect(feedback).toEqual(kernel);
  });

  test.each<OptimizerSpec>([
    { name: "sgd", learningRate: 0.1, weightDecay: 0.03 },
    { name: "sgd", learningRate: 0.1, momentum: 0.9, weightDecay: 0.03 },
    { name: "adam", learningRate: 0.01, weightDecay: 0.03 },
  ])("Kolen-Pollack with decay shrinks W − B by (1 − λ) a step: %j", async (optimizer) => {
    const gap = async (steps: number) => {
      const given = trainingCase({ ...base, rule: "kp", optimizer, steps });
      const { definition, inputs } = trainingDefinition(given);
      const network = createNetwork(given.spec);
      const weights = groupByLayer(
        network,
        (await referenceInterpreter.run(definition, inputs)).slice(steps),
      );
      return weights.map(({ kernel, feedback }) =>
        Math.hypot(...kernel!.data.map((w, i) => w - feedback!.data[i]!)),
      );
    };
    const [before, after] = [await gap(1), await gap(11)];
    after.forEach((norm, l) => expect(norm / before[l]!).toBeCloseTo(0.97 ** 10, 10));
  });
});

test("feedback weights mirror before a step where that takes no noise, too", () => {
  const network = createNetwork({
    inputShape: [2],
    rule: {
      ...rules.get("fa"),
      name: "copied-each-step",
      mirror: (_ops, { parameters }) => parameters.kernel,
    },
    layers: [
      { type: "dense", units: 3 },
      { type: "dense", units: 2 },
    ],
  });
  const weights = groupByLayer(
    network,
    network.parameters.map((_, i) => float64Tensor([i], [1])),
  );
  for (const own of prepareStep(referenceOps, network, weights, []))
    expect(own.feedback).toBe(own.kernel);
  rules.remove("copied-each-step");
});
