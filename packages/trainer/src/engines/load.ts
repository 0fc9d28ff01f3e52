import type { Config } from "../config/schema";
import type { EngineFactory } from "./engine";

/** How to get at each engine; one is loaded only when it is asked for. */
const engines: { readonly [E in Config["engine"]]: () => Promise<EngineFactory> } = {
  compiled: async () => (await import("./compiled")).createCompiledEngine,
  eager: async () => (await import("./eager")).createEagerEngine,
};

/** Loads an engine. */
export function loadEngine(name: Config["engine"]): Promise<EngineFactory> {
  return engines[name]();
}
