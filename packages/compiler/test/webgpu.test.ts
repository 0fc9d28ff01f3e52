import { convolutionCases, worstTrainingError } from "@bioflax/core/testing";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type CompiledFunction, compile } from "../src/index";
import { compiledInterpreter } from "./compiled-interpreter";
import { describeOnGpu, GPU_TOLERANCE, testInterpreter } from "./on-gpu";

describeOnGpu("compiled, WebGPU", () => {
  const interpreter = compiledInterpreter({ device: "webgpu" });

  // ONNX Runtime forgets its shaders with the last session, and translating them takes most of the time.
  let kept: CompiledFunction;
  beforeAll(async () => {
    kept = await compile((ops, inputs) => inputs.map((x) => ops.neg(x)), [{ shape: [1] }], {
      device: "webgpu",
    });
  });
  afterAll(() => kept?.release());

  testInterpreter(interpreter);

  // One of some kinds of networks is enough for the operators; the rules are above.
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
