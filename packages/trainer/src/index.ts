export type { Evaluation } from "@bioflax/metrics";
export { configJsonSchema } from "./config/json-schema";
export { readConfig } from "./config/read-config";
export { ConfigError, type ConfigSource, resolveConfig, validateConfig } from "./config/resolve";
export { type CommandConfig, type Config, type ConfigInput, configSchema } from "./config/schema";
export {
  type DeviceInstallation,
  type InstallDeviceOptions,
  installDevice,
  uninstallDevice,
} from "./devices/install/install-device";
export { type InstallableDevice, installableDevices } from "./devices/install/names";
export { type DeviceList, listDevices } from "./devices/list-devices";
export { type DeviceReport, probeDevice } from "./devices/probe";
export type {
  Engine,
  EngineFactory,
  EngineSetup,
  EpochOptions,
  EpochResult,
} from "./engines/engine";
export { loadEngine } from "./engines/load";
export type { TrainOptions } from "./prepare";
export { type ReportOptions, report } from "./report/report";
export type { NetworkInTraining, Reporter, RunStart, TrainedRun } from "./reporter";
export { type ResumeOptions, resume } from "./resume";
export { resumeOrStart } from "./resume-or-start";
export { readRun, type StoredRun } from "./run-folder/read-run";
export type { EpochRecord, RunStatus, Summary } from "./run-folder/records";
export { RunFolderError } from "./run-folder/run-folder-error";
export type { DataDescription, StoredNetwork } from "./run-folder/stored-network";
export {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
  type StoredTensors,
} from "./safetensors/format";
export { encodeWeights, readWeights } from "./safetensors/weights";
export { train } from "./train";
export {
  type ClassResult,
  type EvaluateOptions,
  evaluateRun,
  type LabelResult,
  type RunEvaluation,
  type SplitName,
} from "./trained/evaluate";
export { type ExportFormat, type ExportOptions, exportRun } from "./trained/export/export-run";
export { openRun, type TrainedNetwork } from "./trained/open-run";
export {
  type ClassPrediction,
  type LabelsPrediction,
  type Prediction,
  predictExamples,
  type ValuePrediction,
} from "./trained/predict";
export type { EngineOptions } from "./trained/start-engine";
