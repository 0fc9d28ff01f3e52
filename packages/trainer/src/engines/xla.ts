import { XlaNetwork } from "@bioflax/xla";
import type { EngineFactory } from "./engine";
import { openPlace } from "./xla-place";

/**
 * The engine in XLA: many steps as one loop on any device that has a plugin.
 *
 * @throws DeviceError for a device that is not there, BioflaxError for one it does not have.
 */
export const createXlaEngine: EngineFactory = async ({
  dataset,
  device: name,
  threads,
  ...setup
}) => {
  const { about, place, release } = await openPlace(name, threads);
  const { inputShape, targetShape, normalization } = dataset;
  const layout = { inputShape, targetShape, normalization };
  const network = await XlaNetwork.create({ ...setup, ...place, layout }).catch((error) => {
    release();
    throw error;
  });
  return {
    ...about,
    trainEpoch: (rows, { examples = dataset.train.examples, ...options }) =>
      network.train(examples, rows, options),
    evaluate: ({ examples, indices }) => network.evaluate(examples, indices),
    predict: ({ examples }, rows) => network.predict(examples, rows),
    inputGradients: ({ examples }, rows) => network.inputGradients(examples, rows),
    weights: () => network.weights(),
    snapshot: () => network.snapshot(),
    async dispose() {
      await network.dispose();
      release();
    },
  };
};
