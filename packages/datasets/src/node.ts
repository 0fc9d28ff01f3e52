export { type LoadCifar10Options, loadCifar10 } from "./cifar/cifar-10";
export { type Cifar100Labels, type LoadCifar100Options, loadCifar100 } from "./cifar/cifar-100";
export { type EmnistSplit, type LoadEmnistOptions, loadEmnist } from "./emnist/emnist";
export {
  type LoadFashionMnistOptions,
  loadFashionMnist,
} from "./fashion-mnist/load-fashion-mnist";
export { cacheFolder } from "./files/cache-folder";
export { whyUnusable } from "./files/failures";
export { type Lock, type LockHolder, type LockOptions, lockHolder, withLock } from "./files/lock";
export { checkFolder, makeFolder } from "./files/make-folder";
export { kindOf, readRegularFile } from "./files/regular-file";
export { type LoadKmnistOptions, loadKmnist } from "./kmnist/kmnist";
export { type LoadMedMnistOptions, loadMedMnist } from "./medmnist/medmnist";
export type { MedMnistName } from "./medmnist/sets";
export { type LoadMnistOptions, loadMnist } from "./mnist/load-mnist";
export { type LoadFolderOptions, loadFolder } from "./own-images/folder";
export { type LoadIdxOptions, loadIdx } from "./own-images/idx";
export { type InputArray, inputError } from "./own-images/input-array";
export { type LoadNpzOptions, loadNpz } from "./own-images/npz";
export { isPng, readPng } from "./own-images/png";
export { whatIsAt } from "./own-images/what-is-at";
export { type Header, type HeaderAdvice, headerChoices, readCsv } from "./own-tables/csv";
export { type LoadTableOptions, loadTable } from "./own-tables/table";
export { type LoadTextOptions, loadText, readSymbols } from "./own-text/text";
export { type LoadQmnistOptions, loadQmnist } from "./qmnist/qmnist";
export { type DatasetName, datasetNames, datasets, getDataset, refusedDatasets } from "./registry";
