export { type AugmentOptions, augment } from "./augment";
export {
  classCount,
  type Dataset,
  type Examples,
  type ImageShape,
  type Normalization,
  type Split,
  type Task,
  tasks,
  wholeSplit,
} from "./dataset";
export type { DatasetDefinition, DatasetFacts, DatasetOptions } from "./definition";
export { batches, type EpochOrderOptions, epochOrder } from "./epoch-order";
export type { DownloadOptions, DownloadProgress } from "./files/download-options";
export { type IdxArray, parseIdx } from "./idx/idx";
export type { ImageSetFacts, ImageSetOptions } from "./image-set";
export { isNpy, type NpyArray, parseNpy } from "./numpy/npy";
export { type NpzArrays, npzDataset } from "./numpy/npz-dataset";
export { type TableOptions, tableDataset } from "./own-tables/table-dataset";
export { splitValidation } from "./split-validation";
export { type AddingOptions, adding } from "./synthetic/adding";
export { type BlobsOptions, blobs } from "./synthetic/blobs";
export { type ColorShapesOptions, colorShapes } from "./synthetic/color-shapes";
export { type CopyOptions, copy } from "./synthetic/copy";
export { type DiscsOptions, discs } from "./synthetic/discs";
export { type GeneratedName, generated } from "./synthetic/generated";
export { type MoonsOptions, moons } from "./synthetic/moons";
export type { SampledClassificationOptions } from "./synthetic/sampled-classification";
export {
  type InputDistribution,
  inputDistributions,
  type SampledRegressionOptions,
} from "./synthetic/sampled-regression";
export { sineRegression } from "./synthetic/sine-regression";
export { spirals } from "./synthetic/spirals";
export { type TeacherStudentOptions, teacherStudent } from "./synthetic/teacher-student";
export { takeInputs, takeTargets } from "./take";
