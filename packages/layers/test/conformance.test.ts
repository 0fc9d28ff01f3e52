import { type Rule, type RuleName, rules } from "@bioflax/core";
import {
  chosen,
  opCases,
  referenceInterpreter,
  relativeError,
  trainingCase,
  trainingCases,
  worstTrainingError,
} from "@bioflax/core/testing";
import { describe, expect, test } from "@jest/globals";
import { eagerInterpreters, trainingInterpreters, unknownBackend } from "./backends";

const named = <I extends { readonly name: string }>(interpreters: readonly I[]) =>
  interpreters.map((interpreter) => [interpreter.name, interpreter] as const);

describe.each(named([...eagerInterpreters, unknownBackend]))(
  "%s: operations are the reference's",
  (_name, interpreter) => {
    test.each(opCases.map((given) => [given.name, given] as const))(
      "%s",
      async (_case, { definition, inputs }) => {
        const [received, expected] = await Promise.all([
          interpreter.run(definition, inputs),
          referenceInterpreter.run(definition, inputs),
        ]);
        expect(received).toHaveLength(expected.length);
        expected.forEach((result, i) =>
          expect(relativeError(received[i]!, result)).toBeLessThan(2e-6),
        );
      },
    );
  },
);

describe.each(named(eagerInterpreters))("%s", (_name, interpreter) => {
  test.each([
    [[1, 1, 1], 1],
    [[1, 3, 1], 2],
    [[3, 1, 2, 1], 1],
    [[4, 4, 4], 4],
    [[33, 65, 7, 1], 5],
  ])("layers of extent 1, batches of one and square layers: %j, batch %i", async (sizes, batch) => {
    for (const rule of rules.names() as RuleName[]) {
      const given = trainingCase({
        rule,
        sizes,
        batch,
        steps: 5,
        loss: (rules.get(rule) as Rule).needsTarget ? "sigmoidCrossEntropy" : "meanSquaredError",
        optimizer: { name: "sgd", learningRate: 0.05 },
      });
      expect(await worstTrainingError(interpreter, given)).toBeLessThan(2e-5);
    }
  });
});

// A few steps, because models take eight with the same operations in training.test.ts.
const cases = chosen(trainingCases({ steps: 4 }), 10);

describe.each(named(trainingInterpreters))(
  "%s: steps are the plain loops'",
  (_name, interpreter) => {
    test.each(cases.map((given) => [given.name, given] as const))("%s", async (_case, given) => {
      expect(await worstTrainingError(interpreter, given)).toBeLessThan(2e-5);
    });
  },
);
