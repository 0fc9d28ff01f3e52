import { availableThreads } from "@bioflax/core/node";
import type { Dataset } from "@bioflax/datasets";
import { checkDevice } from "../config/check-device";
import type { EngineName } from "../devices/names";
import type { Engine } from "../engines/engine";
import { loadEngine } from "../engines/load";
import { lossOf, optimizerOf } from "../experiment/training";
import { ConfigError } from "../resolve/resolve";
import type { TrainedNetwork } from "./open-run";

/** What a trained network is to compute with; the run's own where left out. */
export interface EngineOptions {
  readonly engine?: EngineName | undefined;
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
}

/**
 * Starts an engine on a trained network.
 *
 * Left to itself, it computes as the run did: with as many threads, if this machine has them, for the same bits.
 *
 * @throws DeviceError when the device is not there; ConfigError when the engine has none of that name.
 */
export async function startEngine(
  { run: { config, summary }, spec, weights }: Pick<TrainedNetwork, "run" | "spec" | "weights">,
  dataset: Dataset,
  { engine = config.engine, device, threads }: EngineOptions,
): Promise<Engine> {
  // The devices of one engine are not those of another.
  const same = engine === config.engine;
  const wanted = device ?? (same ? config.device : "auto");
  const problems = checkDevice({ engine, device: wanted }, () => "--device");
  if (problems.length > 0) throw new ConfigError(problems);
  const createEngine = await loadEngine(engine);
  const before = summary?.threads ?? availableThreads();
  return createEngine({
    spec,
    loss: lossOf(config),
    // Nothing is learnt; an engine is made for training all the same.
    optimizer: optimizerOf(config, 1),
    weights,
    dataset,
    batchSize: config.batchSize,
    seed: config.seed,
    device: wanted,
    ...(same && wanted === config.device && { precision: config.precision }),
    threads: threads ?? config.threads ?? Math.min(before, availableThreads()),
  });
}
