export { type ArgumentType, type CompiledFunction, compile } from "./compile";
export type { Place } from "./device-arrays";
export { XlaNetwork, type XlaNetworkSetup } from "./xla-network";
