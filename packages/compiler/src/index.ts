export { checkRows, checkSetup, checkSource } from "./checks";
export { type ChosenDevice, checkDevice, chooseDevice } from "./choose-device";
export { type ArgumentType, type CompiledFunction, compile } from "./compile";
export {
  CompiledNetwork,
  type CompiledNetworkSetup,
  type TrainOptions,
  type TrainResult,
} from "./compiled-network";
export { cudaLibrariesFile, cudaProvider } from "./cuda";
export { type CompiledDevice, compiledDevices } from "./devices";
export { type InferenceModelSetup, inferenceModel } from "./inference/inference-model";
export type { NodePlacement } from "./placements";
export { rowsOf } from "./programs";
export { runtimeVersion } from "./runtime";
export type { SessionOptions } from "./session";
export { type Source, type SourceLayout, type SourceTypes, typesOf } from "./source";
export { carriedNames } from "./training-program";
