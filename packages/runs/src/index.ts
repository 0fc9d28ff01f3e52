export { type CheckpointContent, parseCheckpointContent } from "./checkpoint/content";
export {
  describePlace,
  type Elapsed,
  NOTHING,
  type PartialEpoch,
  type Progress,
} from "./checkpoint/progress";
export { CONFIG_FILE, type ConfigRecord, parseConfigRecord } from "./records/config-record";
export { parseRecord, parseRecords, parseSummary } from "./records/parse-records";
export { PLUGINS_FILE, type PluginRecord, parsePlugins } from "./records/plugin-record";
export {
  type EpochRecord,
  isBetter,
  type RunStatus,
  type Summary,
  type Task,
} from "./records/records";
export {
  parseRobustness,
  ROBUSTNESS_FILE,
  type RobustnessRecord,
  withRobustness,
} from "./records/robustness-record";
export { RunFolderError } from "./records/run-folder-error";
export {
  type DataDescription,
  encodeNetwork,
  NETWORK_FILE,
  parseNetwork,
  type StoredNetwork,
} from "./records/stored-network";
export type { StoredRun } from "./records/stored-run";
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
  type StoredTensor,
  type StoredTensors,
} from "./safetensors/format";
export { checkWeights, decodeWeights, encodeWeights } from "./safetensors/weights";
