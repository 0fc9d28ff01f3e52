import type { Config } from "../../config/schema";
import { oneByOne } from "./one-by-one";
import type { ReplicasEngineFactory } from "./replicas-engine";

/** How to get at each engine for replicas; one is loaded only when it is asked for. */
const engines: { readonly [E in Config["engine"]]: () => Promise<ReplicasEngineFactory> } = {
  compiled: async () => (await import("./compiled-replicas")).createCompiledReplicas,
  eager: async () => oneByOne((await import("../eager")).createEagerEngine),
};

/** Loads an engine for replicas. */
export function loadReplicasEngine(name: Config["engine"]): Promise<ReplicasEngineFactory> {
  return engines[name]();
}
