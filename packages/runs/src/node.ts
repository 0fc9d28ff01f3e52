export { checkPlaces } from "./folder/check-places";
export {
  type Checkpoint,
  type CheckpointFile,
  type CheckpointOf,
  decodeCheckpoint,
  encodeCheckpoint,
  snapshotOf,
} from "./folder/checkpoint";
export { type CheckpointName, checkpointPath, readCheckpoint } from "./folder/checkpoint-files";
export { type InitialWeights, readInitialWeights } from "./folder/initial-weights";
export { readNetwork } from "./folder/read-network";
export { readPlugins } from "./folder/read-plugins";
export { readRecords } from "./folder/read-records";
export { readConfigFile, readRun } from "./folder/read-run";
export { readRunFile } from "./folder/read-run-file";
export { readRunWeights, readWeights } from "./folder/read-weights";
export { addRobustness, readRobustness } from "./folder/robustness";
export { checkFree, RunFolder } from "./folder/run-folder";
export { isTooManyFiles, tooManyFiles } from "./folder/too-many-files";
export { removeTemporaries, writeAtomically, writingFailed } from "./folder/write-atomically";
export { checkNew, writeNewFile, writeNewFolder } from "./folder/write-new";
