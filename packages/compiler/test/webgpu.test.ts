import { type RuleName, rules } from "@bioflax/core";
import {
  convolutionCases,
  opCases,
  referenceInterpreter,
  relativeError,
  trainingCases,
  worstTrainingError,
} from "@bioflax/core/testing";
import { expect, test } from "@jest/globals";
import { describeOnGpu } from "../../../scripts/on-gpu";
import { compiledInterpreter } from "./compiled-interpreter";

/** What a GPU's float32 may differ by: its divisions and powers are allowed a few units in the last place. */
const GPU_TOLERANCE = 1e-4;

describeOnGpu("compiled, WebGPU", () => {
  const interpreter = compiledInterpreter({ device: "webgpu" });

  // Each takes a good part of a second to be translated for the GPU: the last of each kind, which is a larger one.
  const kinds = new Map(opCases.map((opCase) => [opCase.name.split(/[ ,[]/)[0], opCase]));
  const some = [...kinds.values()];
  test.each(some.map((opCase) => [opCase.name, opCase] as const))(
    "%s",
    async (_name, { definition, inputs }) => {
      const expected = await referenceInterpreter.run(definition, inputs);
      const received = await interpreter.run(definition, inputs);
      received.forEach((result, i) =>
        expect(relativeError(result, expected[i]!)).toBeLessThan(GPU_TOLERANCE),
      );
    },
  );

  const steps = trainingCases({ steps: 3 });
  test.each(Object.keys(rules) as RuleName[])("%s: steps are the plain loops'", async (rule) => {
    const [first, ...others] = steps.filter(({ spec }) => spec.rule === rule);
    // The first with plain sgd, and one with momentum or Adam.
    for (const given of [first!, others[1]!])
      expect(await worstTrainingError(interpreter, given)).toBeLessThan(GPU_TOLERANCE);
  });

  // One of each kind of network is enough for the operators; the rules are above.
  const networks = new Map(
    convolutionCases().map((given) => [given.name.split(", ").slice(3).join(", "), given]),
  );
  const images = [...networks.values()].filter((_, i) => i % 8 === 0);
  test.each(images.map((given) => [given.name, given] as const))(
    "images: %s",
    async (_name, given) => {
      expect(await worstTrainingError(interpreter, given)).toBeLessThan(GPU_TOLERANCE);
    },
  );
});
