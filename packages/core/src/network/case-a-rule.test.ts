import { expect, test } from "@jest/globals";
import {
  convolutionCases,
  referenceInterpreter,
  trainingCases,
  worstTrainingError,
} from "../../testing/index";
import { rules } from "../index";

// For the inner loop, `pnpm test:fast`: of the hundreds of cases beside this file, one dense and one convolutional
// network a rule.

const cases = rules
  .names()
  .flatMap((name) =>
    [trainingCases({ steps: 5 }), convolutionCases({ steps: 2 })].flatMap(
      (all) => all.find(({ spec }) => spec.rule === name) ?? [],
    ),
  );

test("every rule has a case of each kind", () => {
  expect(cases).toHaveLength(2 * rules.names().length);
});

test.each(cases.map((given) => [given.name, given] as const))(
  "some steps are the plain loops': %s",
  async (_name, given) => {
    expect(await worstTrainingError(referenceInterpreter, given)).toBeLessThan(1e-9);
  },
);
