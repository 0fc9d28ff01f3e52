import { availableThreads } from "@bioflax/core/node";
import type { Dataset } from "@bioflax/datasets";
import { checkDevice } from "../config/check-device";
import { type EngineDevice, type EngineName, engineNames, enginesWith } from "../devices/names";
import type { Engine } from "../engines/engine";
import { loadEngine } from "../engines/load";
import { lossOf, optimizerOf } from "../experiment/training";
import { ConfigError } from "../resolve/resolve";
import type { ResolvedRun } from "../stored/run-config";
import type { TrainedNetwork } from "./open-run";

/** What a trained network is to compute with; the run's own where left out. */
export interface EngineOptions {
  readonly engine?: EngineName | undefined;
  readonly device?: string | undefined;
  readonly threads?: number | undefined;
}

/** The engine and the device of a run; of one that left the engine open, what it was trained on. */
function placeOf({
  config: { engine, device },
  summary,
}: Pick<ResolvedRun, "config" | "summary">): EngineDevice {
  if (engine !== "auto") return { engine, device };
  const trained = engineNames.find((name) => name === summary?.engine);
  if (trained !== undefined) return { engine: trained, device: summary?.device ?? "auto" };
  // A run that was killed says only what it asked for.
  return {
    engine: device === "auto" ? "compiled" : (enginesWith(device)[0] ?? "compiled"),
    device,
  };
}

/**
 * Starts an engine on a trained network.
 *
 * Left to itself, it computes as the run did: with as many threads, if this machine has them, for the same bits.
 *
 * @throws DeviceError when the device is not there; ConfigError when the engine has none of that name.
 */
export async function startEngine(
  { run, spec, weights }: Pick<TrainedNetwork, "run" | "spec" | "weights">,
  dataset: Dataset,
  { engine: given, device, threads }: EngineOptions,
): Promise<Engine> {
  const { config, summary } = run;
  const own = placeOf(run);
  const engine = given ?? own.engine;
  // The devices of one engine are not those of another.
  const same = engine === own.engine;
  const wanted = device ?? (same ? own.device : "auto");
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
    ...(same && wanted === own.device && { precision: config.precision }),
    threads: threads ?? config.threads ?? Math.min(before, availableThreads()),
  });
}
