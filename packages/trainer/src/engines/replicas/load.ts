import type { EngineChoice } from "../../devices/names";
import { findCandidates } from "../auto/candidates";
import type { EngineSetup } from "../engine";
import { oneByOne } from "./one-by-one";
import type { ReplicasEngineFactory } from "./replicas-engine";

/** How to get at each engine for replicas; one is loaded only when it is asked for. */
const engines: { readonly [E in EngineChoice]: () => Promise<ReplicasEngineFactory> } = {
  compiled: async () => (await import("./compiled-replicas")).createCompiledReplicas,
  eager: async () => oneByOne((await import("../eager")).createEagerEngine),
  xla: async () => (await import("./xla-replicas")).createXlaReplicas,
  auto: async () => automaticReplicas,
};

/** Replicas in XLA where it is there, else compiled: what a step of one network takes tells nothing of theirs. */
const automaticReplicas: ReplicasEngineFactory = async (setups) => {
  const [{ device: wanted }] = setups as readonly [EngineSetup];
  const candidates = await findCandidates(wanted);
  const inXla = candidates.find(({ engine }) => engine === "xla");
  const { engine, device } = inXla ?? (candidates[0] as (typeof candidates)[number]);
  const createReplicas = await loadReplicasEngine(engine);
  return createReplicas(setups.map((setup) => ({ ...setup, device })));
};

/** Loads an engine for replicas. */
export function loadReplicasEngine(name: EngineChoice): Promise<ReplicasEngineFactory> {
  return engines[name]();
}
