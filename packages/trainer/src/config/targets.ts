import { type LossName, lossesOf, type TargetKindName } from "@bioflax/core";
import type { Dataset, DatasetDefinition } from "@bioflax/datasets";
import { type DatasetName, datasets, getDataset } from "@bioflax/datasets/node";

/** What a data set's targets are, known before it is loaded. */
interface DatasetTargets {
  readonly task: Dataset["task"];
  /** The kind of targets a loss has to take. */
  readonly kind: TargetKindName;
}

const meanings: { readonly [T in DatasetDefinition["targets"]]: DatasetTargets } = {
  labels: { task: "classification", kind: "classes" },
  // Two classes told by one output, which is to be 0 or 1.
  binary: { task: "classification", kind: "probabilities" },
  "multi-label": { task: "multi-label", kind: "probabilities" },
  values: { task: "regression", kind: "values" },
};

/** What the targets of a data set are. */
export function targetsOf(dataset: DatasetName): DatasetTargets {
  return meanings[getDataset(dataset).targets];
}

/** The data sets whose examples are images. */
export const imageSets = (): DatasetName[] =>
  [...datasets].flatMap(({ name, images }) => (images === undefined ? [] : [name as DatasetName]));

/** The loss of a kind of targets where the settings name none: the first that takes them. */
export function defaultLossOf(kind: TargetKindName): LossName {
  return lossesOf(kind)[0] as LossName;
}
