export type { Evaluation } from "@bioflax/metrics";
export { type AttackResult, attackRuns } from "./attack/attack-runs";
export type { MethodName } from "./attack/methods";
export type { NormName } from "./attack/norms";
export type { AttackOptions } from "./attack/settings";
export { definePlugin, type GivenPlugin, type Plugin } from "./base/plugin";
export {
  type CommandConfig,
  type Config,
  type ConfigInput,
  configSchema,
  type PluginSettings,
} from "./config/schema";
export {
  type DeviceInstallation,
  type DeviceRemoval,
  type InstallDeviceOptions,
  installDevice,
  uninstallDevice,
} from "./devices/install/install-device";
export { type InstallableDevice, installableDevices } from "./devices/install/names";
export { type DeviceList, listDevices } from "./devices/list-devices";
export { type DeviceReport, probeDevice } from "./devices/probe";
export { DivergedError } from "./diagnosis/diverged";
export type {
  Engine,
  EngineFactory,
  EngineSetup,
  EpochOptions,
  EpochResult,
} from "./engines/engine";
export { loadEngine } from "./engines/load";
export type {
  ReplicasEngine,
  ReplicasEngineFactory,
  ReplicasEpochOptions,
} from "./engines/replicas/replicas-engine";
export { whyNotReplicas } from "./experiment/why-not-replicas";
export type { NetworkInTraining, Reporter, RunStart, TrainedRun } from "./loggers/reporter";
export { type LoadPluginsOptions, loadPlugins } from "./plugins/load";
export { PluginError } from "./plugins/plugin-error";
export { type ReportOptions, report } from "./report/report";
export { configJsonSchema } from "./resolve/json-schema";
export { readConfig } from "./resolve/read-config";
export { ConfigError, type ConfigSource, resolveConfig, validateConfig } from "./resolve/resolve";
export type { TrainOptions } from "./run/prepare";
export { type ResumeOptions, resume } from "./run/resume";
export { resumeOrStart } from "./run/resume-or-start";
export { train } from "./run/train";
export { type TrainReplicasOptions, trainReplicas } from "./run/train-replicas";
export { type ResolvedRun, readResolvedRun } from "./stored/run-config";
export type { RunResult, SweepReporter } from "./sweep/execute/reporter";
export { estimateSweep, type RunEstimate, type SweepEstimate } from "./sweep/plan/estimate";
export type { SweepPlan, SweepRun, SweptSetting } from "./sweep/plan/plan-sweep";
export { readSweep } from "./sweep/plan/read-sweep";
export {
  type BestOptions,
  bestOfSweep,
  type RankedGroup,
  type SweepGroup,
} from "./sweep/results/best";
export { readSweepResults, type SweepResults, type SweepRow } from "./sweep/results/read-results";
export { reportSweep, type SweepReportOptions } from "./sweep/results/report-sweep";
export type { SweepInput } from "./sweep/spec/sweep-spec";
export { type SweepOptions, type SweptRuns, sweep } from "./sweep/sweep";
export {
  type ClassResult,
  type EvaluateOptions,
  evaluateRun,
  type LabelResult,
  type RunEvaluation,
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
export type { SplitName } from "./trained/split-name";
export type { EngineOptions } from "./trained/start-engine";
