import { type RuleName, rules } from "@bioflax/core";
import {
  convolutionCases,
  type Definition,
  type Interpreter,
  opCases,
  referenceInterpreter,
  relativeError,
  type TestTensor,
  trainingCases,
  worstTrainingError,
} from "@bioflax/core/testing";
import { beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { describeOnGpu } from "../../../scripts/on-gpu";
import { useDevice } from "../src/node";
import { tfTrainingOps } from "../src/ops/tf-ops";

/** What a GPU's float32 may differ by: its divisions and powers are allowed a few units in the last place. */
const GPU_TOLERANCE = 1e-4;

/** As training runs it; results come from the GPU asynchronously, or not at all. */
const interpreter: Interpreter = {
  name: "webgpu",
  async run(definition: Definition, inputs: readonly TestTensor[]) {
    const results = tf.tidy(() => {
      const tensors = inputs.map(({ data, shape, type }) =>
        tf.tensor([...data], [...shape], type ?? "float32"),
      );
      return [...definition(tfTrainingOps, tensors)];
    });
    const fetched = await Promise.all(
      results.map(async (x) => ({ shape: x.shape, data: [...(await x.data())] })),
    );
    tf.dispose(results);
    return fetched;
  },
};

describeOnGpu("eager, WebGPU", () => {
  beforeAll(async () => {
    await useDevice("webgpu");
  });

  // Each takes a moment to be translated for the GPU: the last of each kind, which is a larger one.
  const kinds = new Map(opCases.map((opCase) => [opCase.name.split(/[ ,[]/)[0], opCase]));
  test.each([...kinds.values()].map((opCase) => [opCase.name, opCase] as const))(
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
    for (const given of [first!, others[1]!])
      expect(await worstTrainingError(interpreter, given)).toBeLessThan(GPU_TOLERANCE);
  });

  test("images: steps are the plain loops'", async () => {
    const given = convolutionCases().find(({ name }) => name.includes("LeNet"))!;
    expect(await worstTrainingError(interpreter, given)).toBeLessThan(GPU_TOLERANCE);
  });
});
