export type { ArgumentType } from "@bioflax/compiler";
export { type CompiledFunction, compile } from "./compile";
export type { ExportedProgram, ProgramValue } from "./export/exported-program";
export { type InferenceProgramSetup, inferenceProgram } from "./export/inference-program";
export { type TrainingStepProgramSetup, trainingStepProgram } from "./export/training-step-program";
export type { Place } from "./place";
export { ProgramCache } from "./program-cache";
export { XlaNetwork, type XlaNetworkSetup, type XlaReplicasSetup } from "./xla-network";
