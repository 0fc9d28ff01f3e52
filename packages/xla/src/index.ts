export type { ArgumentType } from "@bioflax/compiler";
export { type CompiledFunction, compile } from "./compile";
export type { Place } from "./device-arrays";
export { type InferenceProgramSetup, inferenceProgram } from "./inference-program";
export { XlaNetwork, type XlaNetworkSetup } from "./xla-network";
