import type { EngineName } from "../devices/names";
import type { EngineFactory } from "./engine";

/** How to get at each engine; one is loaded only when it is asked for. */
const engines: { readonly [E in EngineName]: () => Promise<EngineFactory> } = {
  compiled: async () => (await import("./compiled")).createCompiledEngine,
  eager: async () => (await import("./eager")).createEagerEngine,
  xla: async () => (await import("./xla")).createXlaEngine,
};

/** Loads an engine. */
export function loadEngine(name: EngineName): Promise<EngineFactory> {
  return engines[name]();
}
