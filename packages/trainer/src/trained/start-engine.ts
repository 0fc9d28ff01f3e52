import { availableParallelism } from "node:os";
import type { Dataset } from "@bioflax/datasets";
import type { Config } from "../config/schema";
import type { Engine } from "../engines/engine";
import { loadEngine } from "../engines/load";
import { lossOf, optimizerOf } from "../experiment/training";
import type { TrainedNetwork } from "./open-run";

/** What a trained network is to compute with; the run's own where left out. */
export interface EngineOptions {
  readonly engine?: Config["engine"] | undefined;
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
}

/**
 * Starts an engine on a trained network.
 *
 * Left to itself, it computes as the run did: with as many threads, if this machine has them, for the same bits.
 *
 * @throws BioflaxError when the device is not there.
 */
export async function startEngine(
  { run: { config, summary }, spec, weights }: TrainedNetwork,
  dataset: Dataset,
  { engine = config.engine, device, threads }: EngineOptions,
): Promise<Engine> {
  const createEngine = await loadEngine(engine);
  const before = summary?.threads ?? availableParallelism();
  return createEngine({
    spec,
    loss: lossOf(config),
    // Nothing is learnt; an engine is made for training all the same.
    optimizer: optimizerOf(config, 1),
    weights,
    dataset,
    batchSize: config.batchSize,
    seed: config.seed,
    // The devices of one engine are not those of another.
    device: device ?? (engine === config.engine ? config.device : "auto"),
    threads: threads ?? config.threads ?? Math.min(before, availableParallelism()),
  });
}
