import { augment, type Dataset, type DownloadOptions, type Examples } from "@bioflax/datasets";
import { getDataset } from "@bioflax/datasets/node";
import type { Config } from "../config/schema";
import { checkData } from "./check-data";

/**
 * The data a run trains and tests on.
 *
 * @throws BioflaxError when it cannot be had; the signal's reason when that stops a download.
 */
export async function datasetOf(config: Config, options: DownloadOptions = {}): Promise<Dataset> {
  const { valSplit, seed, normalize, batchSize, trainSetSize, testSetSize } = config;
  const { inDim, seqLen, outputFeatures, classes } = config;
  const { teacherAct, teacherLayers, teacherInputs, sequenceLength, delay } = config;
  const { options: own = {}, load } = getDataset(config.dataset);
  const settings = config as Readonly<Record<string, unknown>>;
  const given = Object.keys(own).filter((name) => settings[name] !== undefined);
  const loaded = await load({
    ...{ valSplit, seed, normalize, batchSize, trainSetSize, testSetSize },
    ...{ inDim, seqLen, outputFeatures, classes, sequenceLength, delay },
    ...{ teacherAct, teacherLayers, teacherInputs },
    directory: config.dataDir,
    ...Object.fromEntries(given.map((name) => [name, settings[name]])),
    ...options,
  });
  return checkData(config.dataset, loaded);
}

/**
 * The training examples as an epoch sees them: all the same, or images moved and mirrored anew.
 *
 * @param epoch counted from 0.
 */
export function trainingExamples(
  config: Pick<Config, "augment" | "seed">,
  { train: { examples }, imageShape }: Dataset,
  epoch: number,
): Examples {
  const { inputs } = examples;
  if (!config.augment || imageShape === undefined || !(inputs instanceof Uint8Array))
    return examples;
  return { ...examples, inputs: augment(inputs, imageShape, { seed: config.seed, epoch }) };
}
