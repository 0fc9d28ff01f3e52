export { type ArgumentType, type CompiledFunction, compile } from "./compile";
