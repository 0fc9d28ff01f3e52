import {
  blobs,
  type Dataset,
  loadMnist,
  sineRegression,
  spirals,
  teacherStudent,
} from "@bioflax/datasets";
import type { Config } from "../config/schema";

const datasets: {
  readonly [D in Config["dataset"]]: (config: Config) => Dataset | Promise<Dataset>;
} = {
  mnist: ({ dataDir, valSplit, seed, normalize }) =>
    loadMnist({
      valSplit,
      seed,
      normalize,
      ...(dataDir === undefined ? {} : { directory: dataDir }),
    }),
  sinreg: (config) => sineRegression(config),
  teacher: (config) =>
    teacherStudent({ ...config, outputs: config.outputFeatures, activation: config.teacherAct }),
  spirals: (config) => spirals(config),
  blobs: (config) => blobs(config),
};

/** The data a run trains and tests on. @throws BioflaxError when it cannot be had. */
export async function datasetOf(config: Config): Promise<Dataset> {
  return datasets[config.dataset](config);
}
