import {
  augment,
  blobs,
  colorShapes,
  type Dataset,
  type DownloadOptions,
  discs,
  type Examples,
  loadCifar10,
  loadFashionMnist,
  loadMnist,
  moons,
  sineRegression,
  spirals,
  teacherStudent,
} from "@bioflax/datasets";
import type { Config } from "../config/schema";

type Make = (config: Config, options: DownloadOptions) => Dataset | Promise<Dataset>;

const datasets: { readonly [D in Config["dataset"]]: Make } = {
  mnist: (config) => loadMnist(filesOf(config)),
  "fashion-mnist": (config, options) => loadFashionMnist({ ...filesOf(config), ...options }),
  "cifar-10": (config, options) => loadCifar10({ ...filesOf(config), ...options }),
  "color-shapes": (config) => colorShapes(config),
  sinreg: (config) => sineRegression(config),
  teacher: (config) =>
    teacherStudent({ ...config, outputs: config.outputFeatures, activation: config.teacherAct }),
  spirals: (config) => spirals(config),
  blobs: (config) => blobs(config),
  moons: ({ batchSize, trainSetSize, testSetSize, valSplit, seed }) =>
    moons({ batchSize, trainSetSize, testSetSize, valSplit, seed }),
  discs: (config) => discs(config),
};

/** What decides a set of images that is in files. */
function filesOf({ dataDir, valSplit, seed, normalize }: Config) {
  return {
    valSplit,
    seed,
    normalize,
    ...(dataDir !== undefined && { directory: dataDir }),
  };
}

/**
 * The data a run trains and tests on.
 *
 * @throws BioflaxError when it cannot be had; the signal's reason when that stops a download.
 */
export async function datasetOf(config: Config, options: DownloadOptions = {}): Promise<Dataset> {
  return datasets[config.dataset](config, options);
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
