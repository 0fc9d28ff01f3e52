import type { Loss, LossName } from "@bioflax/core";
import type { Config } from "./schema";

/** What the targets of each data set are, known before it is loaded. */
export const datasetTargets: { readonly [D in Config["dataset"]]: Loss["targets"] } = {
  mnist: "labels",
  sinreg: "values",
  teacher: "values",
  spirals: "labels",
  blobs: "labels",
};

/** The loss of each kind of target where the settings name none. */
export const defaultLosses = {
  labels: "softmaxCrossEntropy",
  values: "meanSquaredError",
} as const satisfies { readonly [T in Loss["targets"]]: LossName };
