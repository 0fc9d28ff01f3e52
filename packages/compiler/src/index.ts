export { type ArgumentType, type CompiledFunction, compile } from "./compile";
export {
  CompiledNetwork,
  type CompiledNetworkSetup,
  type TrainOptions,
  type TrainResult,
} from "./compiled-network";
export { runtimeVersion, type SessionOptions } from "./session";
export type { Source, SourceLayout } from "./source";
