import { availableParallelism } from "node:os";
import { CompiledNetwork, runtimeVersion } from "@bioflax/compiler";
import { ConfigError } from "../config/resolve";
import type { EngineFactory } from "./engine";

/** The devices of the compiled engine, fastest first. */
const DEVICES = ["cpu"] as const;

/**
 * The compiled engine: whole stretches of an epoch as one call into ONNX Runtime.
 *
 * @throws ConfigError for a device it does not have.
 */
export const createCompiledEngine: EngineFactory = async ({
  dataset,
  device,
  threads,
  ...setup
}) => {
  if (device !== "auto" && !DEVICES.includes(device as "cpu")) {
    throw new ConfigError([
      `--device: the compiled engine has no device "${device}" in this release; it runs on: ${DEVICES.join(", ")} (or auto)`,
    ]);
  }
  const used = threads ?? availableParallelism();
  const { inputShape, targetShape, normalization } = dataset;
  const network = await CompiledNetwork.create({
    ...setup,
    threads: used,
    layout: { inputShape, targetShape, normalization },
  });
  return {
    name: "compiled",
    device: "cpu",
    threads: used,
    versions: { "onnxruntime-node": await runtimeVersion() },
    trainEpoch: (
      rows,
      { examples = dataset.train.examples, alignmentBatches, onProgress, signal },
    ) =>
      network.train(examples, rows, {
        alignmentSteps: alignmentBatches,
        onProgress,
        signal,
      }),
    evaluate: ({ examples, indices }) => network.evaluate(examples, indices),
    predict: ({ examples }, rows) => network.predict(examples, rows),
    weights: async () => network.weights(),
    snapshot: () => network.snapshot(),
    dispose: () => network.dispose(),
  };
};
