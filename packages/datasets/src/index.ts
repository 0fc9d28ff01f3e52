export { type AugmentOptions, augment } from "./augment";
export { type LoadCifar10Options, loadCifar10 } from "./cifar/cifar-10";
export { type Cifar100Labels, type LoadCifar100Options, loadCifar100 } from "./cifar/cifar-100";
export {
  classCount,
  type Dataset,
  type Examples,
  type ImageShape,
  type Normalization,
  type Split,
  wholeSplit,
} from "./dataset";
export type { DatasetDefinition, DatasetFacts, DatasetOptions } from "./definition";
export { type EmnistSplit, type LoadEmnistOptions, loadEmnist } from "./emnist/emnist";
export { batches, type EpochOrderOptions, epochOrder } from "./epoch-order";
export {
  type LoadFashionMnistOptions,
  loadFashionMnist,
} from "./fashion-mnist/load-fashion-mnist";
export { cacheFolder } from "./files/cache-folder";
export type { DownloadOptions, DownloadProgress } from "./files/download";
export { whyUnusable } from "./files/failures";
export { type Lock, type LockHolder, type LockOptions, lockHolder, withLock } from "./files/lock";
export { checkFolder, makeFolder } from "./files/make-folder";
export { kindOf, readRegularFile } from "./files/regular-file";
export { type IdxArray, parseIdx } from "./idx/idx";
export type { ImageSetOptions } from "./image-set";
export { type LoadKmnistOptions, loadKmnist } from "./kmnist/kmnist";
export { type LoadMedMnistOptions, loadMedMnist } from "./medmnist/medmnist";
export type { MedMnistName } from "./medmnist/sets";
export { type LoadMnistOptions, loadMnist } from "./mnist/load-mnist";
export { isNpy, type NpyArray, parseNpy } from "./numpy/npy";
export { type LoadIdxOptions, loadIdx } from "./own-images/idx";
export { type LoadNpzOptions, loadNpz } from "./own-images/npz";
export { type LoadQmnistOptions, loadQmnist } from "./qmnist/qmnist";
export { type DatasetName, datasetNames, datasets, getDataset, refusedDatasets } from "./registry";
export { splitValidation } from "./split-validation";
export { type BlobsOptions, blobs } from "./synthetic/blobs";
export { type ColorShapesOptions, colorShapes } from "./synthetic/color-shapes";
export { type DiscsOptions, discs } from "./synthetic/discs";
export { type MoonsOptions, moons } from "./synthetic/moons";
export type { SampledClassificationOptions } from "./synthetic/sampled-classification";
export type { SampledRegressionOptions } from "./synthetic/sampled-regression";
export { sineRegression } from "./synthetic/sine-regression";
export { spirals } from "./synthetic/spirals";
export { type TeacherStudentOptions, teacherStudent } from "./synthetic/teacher-student";
export { takeInputs, takeTargets } from "./take";
