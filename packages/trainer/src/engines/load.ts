import type { EngineChoice } from "../devices/names";
import type { EngineFactory } from "./engine";

/** How to get at each engine; one is loaded only when it is asked for. */
const engines: { readonly [E in EngineChoice]: () => Promise<EngineFactory> } = {
  compiled: async () => (await import("./compiled")).createCompiledEngine,
  eager: async () => (await import("./eager")).createEagerEngine,
  xla: async () => (await import("./xla")).createXlaEngine,
  auto: async () => (await import("./auto/auto")).automaticEngine(),
};

/** Loads an engine; `auto` is chosen when the first is made, and is the same one from then on. */
export function loadEngine(name: EngineChoice): Promise<EngineFactory> {
  return engines[name]();
}
