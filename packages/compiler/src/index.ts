export {
  CompiledNetwork,
  type CompiledNetworkSetup,
  type CompiledReplicasSetup,
} from "./compiled-network";
// For what traces networks into programs of another kind.
export { alignmentProgram } from "./programs/alignment-program";
export type { AlignmentSteps } from "./programs/alignment-steps";
export { type BatchProgramKind, batchProgram } from "./programs/batch-program";
export type { BatchOutputs } from "./programs/batch-runs";
export { FittingSteps, isSlow } from "./programs/call-sizes";
export { checkAlike } from "./programs/checks";
export { offsetsName } from "./programs/noise-inputs";
export { type InferenceModelSetup, inferenceModel } from "./programs/onnx/inference-model";
export { Pool } from "./programs/pool";
export { delayedShape, type ProgramContext, programName } from "./programs/program-context";
export type { ProgramOps } from "./programs/program-ops";
export type { Replicas } from "./programs/replica-networks";
export {
  type ReplicaPart,
  ReplicaShares,
  type ReplicaSharesSetup,
} from "./programs/replica-shares";
export { hasRates, replicaAxis, replicaStepOf } from "./programs/replicas";
export type { Source, SourceLayout } from "./programs/source";
export { rowsOf, sourceInputs } from "./programs/source";
export { type CallSteps, noiseStarts, ratesFeed, type Stepping } from "./programs/step-feeds";
export type {
  CallResult,
  ReplicaSetup,
  TrainOptions,
  TrainReplicasOptions,
  TrainResult,
} from "./programs/traced-network";
export {
  checkReplicas,
  type NetworkParts,
  type NetworkSetup,
  type NextSteps,
  networkParts,
  type ReplicasSetup,
  replicaParts,
  TracedNetwork,
} from "./programs/traced-network";
export { carriedNames, carriedStep, sourceStep } from "./programs/training-step";
export { type ChosenDevice, checkDevice, chooseDevice } from "./runtime/choose-device";
export { type ArgumentType, type CompiledFunction, compile } from "./runtime/compile";
export type { DeviceMemory } from "./runtime/device-memory";
export { type CompiledDevice, compiledDevices } from "./runtime/devices";
export { floats, type HostArray } from "./runtime/host-array";
export type { NodePlacement } from "./runtime/placements";
export { runtimeVersion } from "./runtime/runtime";
export type { SessionOptions } from "./runtime/session";
export { sharedMemory } from "./runtime/shared-memory";
