import { describe, expect, test } from "@jest/globals";
import { architectures } from "../../testing/convolution-networks";
import { firstPass } from "../../testing/first-pass";
import {
  chosen,
  convolutionCases,
  networkCase,
  randomNetworkCase,
  referenceInterpreter,
  worstEvaluationError,
  worstTrainingError,
} from "../../testing/index";
import { flatten, type LossName, type RuleName } from "../index";

test.each(chosen(convolutionCases(), 3).map((given) => [given.name, given] as const))(
  "training and evaluation are the plain loops': %s",
  async (_name, given) => {
    expect(await worstTrainingError(referenceInterpreter, given)).toBeLessThan(1e-9);
    expect(await worstEvaluationError(referenceInterpreter, given)).toBeLessThan(1e-9);
  },
);

test("random networks of all kinds of layers train and evaluate as the plain loops do", async () => {
  for (let seed = 0; seed < 120; seed++) {
    const given = randomNetworkCase(seed);
    const errors = {
      training: await worstTrainingError(referenceInterpreter, given),
      evaluation: await worstEvaluationError(referenceInterpreter, given),
    };
    if (!(Math.max(errors.training, errors.evaluation) < 1e-9))
      throw new Error(`${JSON.stringify(errors)}: ${seed}, ${JSON.stringify(given.spec)}`);
  }
});

describe.each(
  architectures.map(({ name, hasEqualMaxima: _, ...network }) => [name, network] as const),
)("%s", (name, network) => {
  const caseOf = (rule: RuleName, loss: LossName = "softmaxCrossEntropy") =>
    networkCase({
      name,
      spec: { ...network, rule },
      loss,
      optimizer: { name: "sgd", learningRate: 1 },
      batch: 3,
      steps: 1,
      seed: 5,
    });

  test("backpropagation's gradient is the loss's own, by central differences", () => {
    const given = caseOf("bp", "meanSquaredError");
    const { network: built, gradients } = firstPass(given);
    const flat = flatten(built, gradients);
    const h = 1e-6;
    built.parameters.forEach(({ name: weight, learns }, p) => {
      if (!learns) return;
      const values = Float64Array.from(given.weights[weight]!);
      for (const i of new Set([0, values.length >> 1, values.length - 1])) {
        const [up, down] = [h, -h].map((shift) => {
          const shifted = { [weight]: values.with(i, values[i]! + shift) };
          return firstPass(given, shifted).loss.data[0]!;
        });
        expect(flat[p]!.data[i]).toBeCloseTo((up! - down!) / (2 * h), 7);
      }
    });
  });

  test.each(["fa", "kp"] as const)(
    "feedback equal to the kernels makes %s backpropagation",
    (rule) => {
      const given = caseOf(rule);
      const kernels = Object.entries(given.weights).flatMap(([weight, values]) =>
        weight.endsWith("kernel") ? [[weight.replace("kernel", "feedback"), values]] : [],
      );
      const { gradients } = firstPass(given, Object.fromEntries(kernels));
      const expected = firstPass(caseOf("bp")).gradients;
      gradients.forEach(({ feedback: _, ...own }, l) => expect(own).toEqual(expected[l]));
    },
  );
});
