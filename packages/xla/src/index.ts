export type { ArgumentType } from "@bioflax/compiler";
export { type CompiledFunction, compile } from "./compile";
export { type InferenceProgramSetup, inferenceProgram } from "./inference-program";
export type { Place } from "./place";
export { XlaNetwork, type XlaNetworkSetup, type XlaReplicasSetup } from "./xla-network";
