import {
  convolutionCases,
  type Definition,
  type Interpreter,
  type TestTensor,
  worstTrainingError,
} from "@bioflax/core/testing";
import { beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { describeOnGpu, GPU_TOLERANCE, testInterpreter } from "../../compiler/test/on-gpu";
import { useDevice } from "../src/node";
import { tfTrainingOps } from "../src/ops/tf-ops";

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
  testInterpreter(interpreter);

  test("images: steps are the plain loops'", async () => {
    const given = convolutionCases().find(({ name }) => name.includes("LeNet"))!;
    expect(await worstTrainingError(interpreter, given)).toBeLessThan(GPU_TOLERANCE);
  });
});
