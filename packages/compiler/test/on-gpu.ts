import { type RuleName, rules } from "@bioflax/core";
import {
  type Interpreter,
  opCases,
  referenceInterpreter,
  relativeError,
  trainingCases,
  worstTrainingError,
} from "@bioflax/core/testing";
import { describe, expect, test } from "@jest/globals";

/** What a GPU's float32 may differ by: its divisions and powers are allowed a few units in the last place. */
export const GPU_TOLERANCE = 1e-4;

/** Tests on whatever GPU there is, whose name becomes part of theirs; skipped where there is none. */
export function describeOnGpu(name: string, tests: () => void): void {
  const adapter = process.env.BIOFLAX_ADAPTER;
  if (adapter) describe(`${name} on ${adapter}`, tests);
  else describe.skip(`${name}, skipped for want of a GPU`, tests);
}

/** Holds an interpreter on a GPU against the reference: an operation of each kind, and every rule. */
export function testInterpreter(interpreter: Interpreter): void {
  // Each takes a good part of a second to be translated for the GPU: the last of each kind, which is a larger one.
  const kinds = new Map(opCases.map((opCase) => [opCase.name.split(/[ ,[]/)[0], opCase]));
  test.each([...kinds.values()].map((opCase) => [opCase.name, opCase] as const))(
    "%s",
    async (_name, { definition, inputs }) => {
      const expected = await referenceInterpreter.run(definition, inputs);
      const received = await interpreter.run(definition, inputs);
      expect(received).toHaveLength(expected.length);
      received.forEach((result, i) => {
        const error = relativeError(result, expected[i] as (typeof expected)[number]);
        expect(error).toBeLessThan(GPU_TOLERANCE);
      });
    },
  );

  const cases = trainingCases({ steps: 3 });
  test.each(rules.names() as RuleName[])("%s: steps are the plain loops'", async (rule) => {
    const [plain, , other] = cases.filter(({ spec }) => spec.rule === rule);
    // With plain sgd, and with momentum or Adam.
    for (const given of [plain, other] as (typeof cases)[number][])
      expect(await worstTrainingError(interpreter, given)).toBeLessThan(GPU_TOLERANCE);
  });
}
