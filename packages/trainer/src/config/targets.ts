import type { Loss, LossName } from "@bioflax/core";
import type { Config } from "./schema";

/** What the targets of each data set are, known before it is loaded. */
export const datasetTargets: { readonly [D in Config["dataset"]]: Loss["targets"] } = {
  mnist: "labels",
  "fashion-mnist": "labels",
  "cifar-10": "labels",
  "color-shapes": "labels",
  sinreg: "values",
  teacher: "values",
  spirals: "labels",
  blobs: "labels",
};

/** The data sets whose examples are images. */
export const imageSets: readonly Config["dataset"][] = [
  "mnist",
  "fashion-mnist",
  "cifar-10",
  "color-shapes",
];

/** The loss of each kind of target where the settings name none. */
export const defaultLosses = {
  labels: "softmaxCrossEntropy",
  values: "meanSquaredError",
} as const satisfies { readonly [T in Loss["targets"]]: LossName };
