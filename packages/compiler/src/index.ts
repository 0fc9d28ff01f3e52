export { type ArgumentType, type CompiledFunction, compile } from "./compile";
export {
  CompiledNetwork,
  type CompiledNetworkSetup,
  type TrainOptions,
  type TrainResult,
} from "./compiled-network";
export { type InferenceModelSetup, inferenceModel } from "./inference/inference-model";
export { runtimeVersion, type SessionOptions } from "./session";
export type { Source, SourceLayout } from "./source";
