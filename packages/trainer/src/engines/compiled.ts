import { CompiledNetwork, chooseDevice, runtimeVersion } from "@bioflax/compiler";
import { availableThreads } from "@bioflax/core/node";
import type { EngineFactory } from "./engine";

/**
 * The compiled engine: whole stretches of an epoch as one call into ONNX Runtime.
 *
 * @throws DeviceError for a device that is not there, BioflaxError for one it does not have.
 */
export const createCompiledEngine: EngineFactory = async ({
  dataset,
  device: name,
  threads,
  ...setup
}) => {
  const used = threads ?? availableThreads();
  const { batchSize } = setup;
  const { device, why } = await chooseDevice(name);
  const { inputShape, targetShape, normalization } = dataset;
  const network = await CompiledNetwork.create({
    ...setup,
    device,
    threads: used,
    threadsVary: threads === undefined,
    layout: { inputShape, targetShape, normalization },
  });
  return {
    name: "compiled",
    device,
    why,
    threads: used,
    versions: { "onnxruntime-node": await runtimeVersion() },
    trainEpoch: (rows, { examples = dataset.train.examples, ...options }) =>
      network.train(examples, rows, options),
    evaluate: ({ examples, indices }) => network.evaluate(examples, indices),
    predict: ({ examples }, rows) => network.predict(examples, rows),
    inputGradients: ({ examples }, rows) => network.inputGradients(examples, rows),
    weights: () => network.weights(),
    snapshot: () => network.snapshot(),
    async cpuFallbackOps() {
      if (device === "cpu") return {};
      const { examples, indices } = dataset.train;
      const nodes = await network.placements(examples, indices.subarray(0, batchSize));
      return Object.fromEntries(
        nodes
          .filter(({ provider }) => provider === "CPUExecutionProvider")
          .map(({ operator, count }) => [operator, count]),
      );
    },
    dispose: () => network.dispose(),
  };
};
