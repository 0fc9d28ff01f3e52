export { type ArgumentType, type CompiledFunction, compile } from "./compile";
export {
  CompiledNetwork,
  type CompiledNetworkSetup,
  type TrainOptions,
  type TrainResult,
} from "./compiled-network";
export type { NodePlacement } from "./placements";
export { runtimeVersion } from "./runtime";
export { type CompiledDevice, DeviceError, type SessionOptions } from "./session";
export type { Source, SourceLayout } from "./source";
