export {
  CompiledNetwork,
  type CompiledNetworkSetup,
  type TrainOptions,
  type TrainResult,
} from "./compiled-network";
export { type BatchRunner, BatchRuns } from "./programs/batch-runs";
export { checkRows, checkSetup, checkSource } from "./programs/checks";
export { evaluate as evaluateBatch, predict as predictBatch } from "./programs/evaluation";
export { NetworkState } from "./programs/network-state";
export { type InferenceModelSetup, inferenceModel } from "./programs/onnx/inference-model";
export type { ProgramOps } from "./programs/program-ops";
export {
  gatherBatch,
  rowsOf,
  type Source,
  type SourceLayout,
  type SourceTypes,
  typesOf,
} from "./programs/source";
export { carriedNames, sourceStep } from "./programs/training-step";
export { type ChosenDevice, checkDevice, chooseDevice } from "./runtime/choose-device";
export { type ArgumentType, type CompiledFunction, compile } from "./runtime/compile";
export { cudaLibrariesFile, cudaProvider } from "./runtime/cuda";
export type { DeviceMemory } from "./runtime/device-memory";
export { type CompiledDevice, compiledDevices } from "./runtime/devices";
export type { NodePlacement } from "./runtime/placements";
export { runtimeVersion } from "./runtime/runtime";
export type { SessionOptions } from "./runtime/session";
