import type { Config } from "../../config/schema";
import { loadEngine } from "../load";
import { oneByOne } from "./one-by-one";
import type { ReplicasEngineFactory } from "./replicas-engine";

/** Loads an engine for replicas. */
export async function loadReplicasEngine(name: Config["engine"]): Promise<ReplicasEngineFactory> {
  return oneByOne(await loadEngine(name));
}
