import { type ExportedProgram, inferenceProgram, trainingStepProgram } from "@bioflax/xla";
import { optimizerOf, trainingLossOf } from "../../experiment/training";
import type { TrainedNetwork } from "../open-run";
import { describeTrained } from "./describe";

/**
 * A trained network as programs in StableHLO, by file names: its answer, with the weights in it, and its training step,
 * for batches of the run's size; beside each, as JSON, what it takes and gives, in order.
 */
export function stablehloFiles(trained: TrainedNetwork): Record<string, string> {
  const { spec, weights, data, run } = trained;
  const { config } = run;
  const { batchSize: batch } = config;
  const metadata = describeTrained(trained);
  const files = (name: string, { text, ...signature }: ExportedProgram, facts = {}) => ({
    [`${name}.mlir`]: text,
    [`${name}.json`]: `${JSON.stringify({ ...signature, ...facts, metadata }, null, 2)}\n`,
  });
  const step = trainingStepProgram({
    spec,
    loss: trainingLossOf(config, data),
    // The rate is given with each step: its schedule is left to whoever takes them.
    optimizer: optimizerOf(config, 1),
    batch,
    targetForm: data.task === "classification" ? "labels" : "rows",
  });
  return {
    ...files("inference", inferenceProgram({ spec, weights, batch })),
    ...files("training-step", step, { learningRate: config.lr }),
  };
}
