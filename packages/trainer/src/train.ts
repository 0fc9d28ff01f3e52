import { BioflaxError, createTrainable, initializeWeights } from "@bioflax/core";
import { validateConfig } from "./config/resolve";
import type { ConfigInput } from "./config/schema";
import type { EngineFactory } from "./engines/engine";
import { loadEngine } from "./engines/load";
import { datasetOf } from "./experiment/data";
import { dataFor, networkOf } from "./experiment/network";
import { lossNameOf, lossOf, optimizerOf } from "./experiment/training";
import type { Reporter, TrainedRun } from "./reporter";
import { checkFree, RunFolder } from "./run-folder/run-folder";
import { encodeNetwork, NETWORK_FILE } from "./run-folder/stored-network";
import { encodeWeights, readWeights } from "./safetensors/weights";
import { TrainingLoop } from "./training-loop";
import { bioflaxVersion } from "./version";

/** How a run is watched and stopped. */
export interface TrainOptions {
  /** Who is told how it goes. */
  readonly reporter?: Reporter;
  /** Stops the run after the steps under way; what it has is saved. */
  readonly signal?: AbortSignal;
  /** An engine to use instead of `config.engine`. */
  readonly createEngine?: EngineFactory;
  /** When the run counts as started, as `performance.now()` gives it; now when left out. */
  readonly startedAt?: number;
}

/**
 * Trains a network and writes a run folder.
 *
 * The folder holds `config.json` (the resolved settings), `network.json` (what it takes to use the weights), `initial.safetensors`, `metrics.jsonl` (a line an epoch),
 * `final.safetensors` and `summary.json`; and `report.html` if `plot` is set.
 *
 * @param input the settings; what is left out has its default.
 * @returns the folder and the summary, of a run that is done or, by the signal, interrupted.
 * @throws BioflaxError for settings, data, weights or a folder that cannot be used; and when the loss is no longer
 *   finite or a file cannot be written, after a summary with the status `failed`. The signal's reason when that comes
 *   while data is downloaded, before there is a folder.
 * @example
 * const { summary } = await train({ dataset: "mnist", mode: "dfa", epochs: 10, lr: 0.1 });
 * console.log(summary.test?.accuracy);
 */
export async function train(input: ConfigInput, options: TrainOptions = {}): Promise<TrainedRun> {
  const { reporter = {}, startedAt = performance.now() } = options;
  const config = validateConfig(input);
  if (config.out !== undefined) await checkFree(config.out);

  const [createEngine, loaded] = await Promise.all([
    options.createEngine ?? loadEngine(config.engine),
    datasetOf(config, {
      signal: options.signal,
      onDownload: (progress) => reporter.downloading?.(progress),
    }),
  ]);
  const dataset = dataFor(config, loaded);
  const stepsPerEpoch = Math.ceil(dataset.train.indices.length / config.batchSize);
  const training = {
    spec: networkOf(config, dataset),
    loss: lossOf(config),
    optimizer: optimizerOf(config, stepsPerEpoch),
  };
  const { network, learningRate } = createTrainable(training);
  const weights =
    config.init === undefined
      ? initializeWeights(network, config.seed)
      : await readWeights(config.init, network);
  const { batchSize, seed, device, threads } = config;
  const engine = await createEngine({
    ...training,
    weights,
    dataset,
    batchSize,
    seed,
    device,
    threads,
  });
  try {
    const folder = await RunFolder.create(config, new Date());
    await folder.writeConfig(config);
    await folder.write(NETWORK_FILE, encodeNetwork(training.spec, lossNameOf(config), dataset));
    await folder.write("initial.safetensors", encodeWeights(network, weights));
    reporter.started?.({
      config,
      dataset,
      network,
      engine: engine.name,
      device: engine.device,
      threads: engine.threads,
      folder: folder.path,
    });

    const loop = new TrainingLoop({
      config,
      dataset,
      learningRate,
      engine,
      folder,
      reporter,
      startedAt,
      signal: options.signal,
    });
    const about = {
      engine: engine.name,
      device: engine.device,
      threads: engine.threads,
      versions: { bioflax: bioflaxVersion, node: process.versions.node, ...engine.versions },
    };
    try {
      const status = await loop.run();
      await folder.write("final.safetensors", encodeWeights(network, await engine.weights()));
      const report = config.plot ? await writeReport() : undefined;
      await folder.close();
      const run = {
        folder: folder.path,
        ...(report && { report }),
        summary: { ...loop.summary(status), ...about },
      };
      await folder.writeSummary(run.summary);
      reporter.finished?.(run);
      return run;
    } catch (error) {
      await saveFailure(error);
      throw error;
    }

    async function writeReport(): Promise<string> {
      const { createReport } = await import("./report/report");
      await folder.write(
        "report.html",
        await createReport({ config, dataset, network, engine, records: loop.records }),
      );
      return folder.file("report.html");
    }

    /** Leaves what there is; the reason of the failure is worth more than a second error about saving it. */
    async function saveFailure(error: unknown): Promise<void> {
      const message = error instanceof BioflaxError ? error.message : String(error);
      const ignore = () => {};
      await folder.close().catch(ignore);
      await engine
        .weights()
        .then((final) => folder.write("final.safetensors", encodeWeights(network, final)))
        .catch(ignore);
      await folder
        .writeSummary({ ...loop.summary("failed"), error: message, ...about })
        .catch(ignore);
    }
  } finally {
    await engine.dispose();
  }
}
