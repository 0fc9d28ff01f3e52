import { checkOptionNames, type OptionNames } from "@bioflax/core";
import type { DatasetOptions } from "./definition";
import type { SampledClassificationOptions } from "./synthetic/sampled-classification";

/** The options of all data sets: what one leaves to others is passed over, so that all can be loaded alike. */
const names: OptionNames<DatasetOptions & SampledClassificationOptions> = {
  directory: true,
  signal: true,
  onDownload: true,
  valSplit: true,
  seed: true,
  normalize: true,
  batchSize: true,
  trainSetSize: true,
  testSetSize: true,
  inDim: true,
  seqLen: true,
  outputFeatures: true,
  teacherAct: true,
  teacherLayers: true,
  teacherInputs: true,
  classes: true,
  noise: true,
  sequenceLength: true,
  delay: true,
  sequenceStride: true,
};

/** @throws BioflaxError for an option that no data set has, naming the nearest. @param who the set, for the error. */
export function checkDatasetOptions(who: string, options: object): void {
  checkOptionNames(who, options, names);
}
