import {
  createTrainable,
  initializeWeightsInStretches,
  type OptionNames,
  type Trainable,
  type TrainingSpec,
  type Weights,
} from "@bioflax/core";
import { availableMemory } from "@bioflax/core/node";
import type { Dataset } from "@bioflax/datasets";
import { encodeNetwork } from "@bioflax/runs";
import { readInitialWeights } from "@bioflax/runs/node";
import { runYielding } from "../base/yielding";
import type { Config } from "../config/schema";
import type { EngineChoice } from "../devices/names";
import type { Engine, EngineFactory, EngineSetup } from "../engines/engine";
import { loadEngine } from "../engines/load";
import { checkDataMemory, checkRunMemory } from "../experiment/check-memory";
import { withClassWeights } from "../experiment/class-weights";
import { datasetOf } from "../experiment/data";
import { dataFor, networkOf } from "../experiment/network";
import { lossNameOf, optimizerOf, trainingLossOf } from "../experiment/training";
import type { Reporter } from "../loggers/reporter";
import { withLoggers } from "../loggers/with-loggers";

/** How a run is watched and stopped. */
export interface TrainOptions {
  /** Who is told how it goes. */
  readonly reporter?: Reporter;
  /** Stops the run after the steps under way; what it has is saved. */
  readonly signal?: AbortSignal;
  /** An engine to use instead of `config.engine`. */
  readonly createEngine?: EngineFactory;
  /**
   * Whether the reporter is told which operators the device leaves to the processor, which takes a step to find out.
   */
  readonly verbose?: boolean;
  /** Loads the data in place of what the settings name, such as to have it once for several runs. */
  readonly loadDataset?: typeof datasetOf;
  /** When the run counts as started, as `performance.now()` gives it; now when left out. */
  readonly startedAt?: number;
}

/** What they are called. */
export const trainOptionNames: OptionNames<TrainOptions> = {
  reporter: true,
  signal: true,
  createEngine: true,
  verbose: true,
  loadDataset: true,
  startedAt: true,
};

/** Everything a run needs before it has a folder. */
export interface Prepared {
  readonly config: Config;
  readonly dataset: Dataset;
  readonly training: TrainingSpec;
  readonly trainable: Trainable;
  readonly createEngine: EngineFactory;
  /** Who is told how it goes, and what keeps it. */
  readonly reporter: Reporter;
}

/**
 * Loads what the settings name: what keeps records, the data and the engine.
 *
 * @param engine of a run that goes on, the one it was started with.
 * @throws BioflaxError for a server that refuses, data that cannot be used, or more than fits into memory; the signal's
 *   reason when that comes while it is downloaded.
 */
export async function prepare(
  config: Config,
  { reporter: told = {}, signal, createEngine, loadDataset = datasetOf }: TrainOptions,
  engine: EngineChoice = config.engine,
): Promise<Prepared> {
  // First of all: a server that refuses is known of before anything is loaded.
  const reporter = await withLoggers(told, config);
  const memory = availableMemory();
  checkDataMemory(config, memory);
  const [factory, loaded] = await Promise.all([
    createEngine ?? loadEngine(engine),
    loadDataset(config, { signal, onDownload: (progress) => reporter.downloading?.(progress) }),
  ]);
  const dataset = withClassWeights(config, dataFor(config, loaded));
  const stepsPerEpoch = Math.ceil(dataset.train.indices.length / config.batchSize);
  const training = {
    spec: networkOf(config, dataset),
    loss: trainingLossOf(config, dataset),
    optimizer: optimizerOf(config, stepsPerEpoch),
  };
  const trainable = createTrainable(training);
  checkRunMemory(trainable, dataset, config.batchSize, memory, (message) =>
    reporter.warning?.(message),
  );
  return { config, dataset, training, trainable, createEngine: factory, reporter };
}

/**
 * The weights a run starts from.
 *
 * @throws BioflaxError when they are to come from a file that cannot be used; the signal's reason when that comes
 *   meanwhile.
 */
export async function startingWeights(
  { config, trainable, reporter }: Prepared,
  signal: AbortSignal | undefined,
): Promise<Weights> {
  const { network } = trainable;
  if (config.init === undefined)
    return runYielding(initializeWeightsInStretches(network, config.seed), signal);
  const { weights, notices } = await readInitialWeights(config.init, network, config.seed);
  for (const notice of notices) reporter.notice?.(notice);
  return weights;
}

/** What an engine starts with, beside what the settings say. */
export type EngineStart = Pick<EngineSetup, "weights" | "slots" | "stepsTaken"> &
  Partial<Pick<EngineSetup, "device" | "threads">>;

/** An engine in use, and what it was made with. */
export interface StartedEngine {
  readonly engine: Engine;
  readonly engineSetup: EngineSetup;
}

/** Starts the engine of a run, which is freed by whoever has it. */
export async function startEngine(
  { config, dataset, training, createEngine }: Prepared,
  start: EngineStart,
): Promise<StartedEngine> {
  const { batchSize, seed, device, threads, precision } = config;
  const engineSetup = {
    ...training,
    dataset,
    batchSize,
    seed,
    device,
    threads,
    precision,
    ...start,
  };
  return { engine: await createEngine(engineSetup), engineSetup };
}

/** Starts the engine of a run, does some work with it, and frees it. */
export async function withEngine<R>(
  prepared: Prepared,
  start: EngineStart,
  work: (started: StartedEngine) => Promise<R>,
): Promise<R> {
  const started = await startEngine(prepared, start);
  try {
    return await work(started);
  } finally {
    await started.engine.dispose();
  }
}

/** What it takes to use a run's weights without its settings, as its folder has it. */
export function networkFile({ config, training, dataset }: Prepared): string {
  return encodeNetwork(training.spec, lossNameOf(config), dataset);
}
