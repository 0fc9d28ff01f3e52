import type { Loss, LossName } from "@bioflax/core";
import { datasetNames, getDataset } from "@bioflax/datasets";

/** The data sets whose examples are images. */
export const imageSets = datasetNames.filter((name) => getDataset(name).images !== undefined);

/** The loss of each kind of target where the settings name none. */
export const defaultLosses = {
  labels: "softmaxCrossEntropy",
  values: "meanSquaredError",
} as const satisfies { readonly [T in Loss["targets"]]: LossName };
