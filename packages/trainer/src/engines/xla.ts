import { join } from "node:path";
import { cacheFolder } from "@bioflax/datasets";
import { ProgramCache, XlaNetwork } from "@bioflax/xla";
import { openDevice } from "../devices/xla/open-device";
import type { EngineFactory } from "./engine";

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
  const {
    name: device,
    why,
    threads: used,
    versions,
    plugin,
    release,
    ...place
  } = await openDevice(name, threads);
  const { inputShape, targetShape, normalization } = dataset;
  const layout = { inputShape, targetShape, normalization };
  const cache = new ProgramCache(join(cacheFolder(), "programs"), plugin);
  const network = await XlaNetwork.create({ ...setup, ...place, cache, layout }).catch((error) => {
    release();
    throw error;
  });
  return {
    name: "xla",
    device,
    why,
    threads: used,
    versions,
    trainEpoch: (
      rows,
      { examples = dataset.train.examples, alignmentBatches, onProgress, signal },
    ) => network.train(examples, rows, { alignmentBatches, onProgress, signal }),
    evaluate: ({ examples, indices }) => network.evaluate(examples, indices),
    predict: ({ examples }, rows) => network.predict(examples, rows),
    weights: () => network.weights(),
    snapshot: () => network.snapshot(),
    async dispose() {
      await network.dispose();
      release();
    },
  };
};
