import type { LossName, TargetKindName } from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";
import type { Config } from "./schema";

/** What a data set's targets are, known before it is loaded. */
interface DatasetTargets {
  readonly task: Dataset["task"];
  /** The kind of targets a loss has to take. */
  readonly kind: TargetKindName;
}

const ofClasses = { task: "classification", kind: "classes" } as const;
const ofValues = { task: "regression", kind: "values" } as const;

/** What the targets of each data set are. */
export const datasetTargets: { readonly [D in Config["dataset"]]: DatasetTargets } = {
  mnist: ofClasses,
  "fashion-mnist": ofClasses,
  "cifar-10": ofClasses,
  "color-shapes": ofClasses,
  sinreg: ofValues,
  teacher: ofValues,
  spirals: ofClasses,
  blobs: ofClasses,
  // Two classes told by one output, which is to be 0 or 1.
  moons: { task: "classification", kind: "probabilities" },
  discs: { task: "multi-label", kind: "probabilities" },
};

/** The data sets whose examples are images. */
export const imageSets: readonly Config["dataset"][] = [
  "mnist",
  "fashion-mnist",
  "cifar-10",
  "color-shapes",
];

/** The loss of each kind of targets where the settings name none. */
export const defaultLosses = {
  classes: "softmaxCrossEntropy",
  distributions: "softmaxCrossEntropy",
  probabilities: "sigmoidCrossEntropy",
  values: "meanSquaredError",
} as const satisfies { readonly [K in TargetKindName]: LossName };
