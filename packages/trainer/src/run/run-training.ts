import { BioflaxError } from "@bioflax/core";
import {
  type EpochRecord,
  encodeWeights,
  type Progress,
  type RunStatus,
  type Summary,
} from "@bioflax/runs";
import type { CheckpointFile, RunFolder } from "@bioflax/runs/node";
import { bioflaxVersion } from "../base/version";
import { fingerprintOf } from "../checkpoint/data-fingerprint";
import { CheckpointKeeper } from "../checkpoint/keeper";
import { DivergedError } from "../diagnosis/diverged";
import { notMeant, wentAstray } from "../diagnosis/unmeant";
import type { Engine } from "../engines/engine";
import type { TrainedRun } from "../loggers/reporter";
import { settingsFrom } from "../stored/run-config";
import type { Prepared, StartedEngine, TrainOptions } from "./prepare";
import { RunProgress } from "./run-progress";
import { TrainingLoop } from "./training-loop";

/** Where a run that was stopped goes on. */
interface Resumption {
  readonly made: CheckpointFile["content"]["made"];
  readonly progress: Progress;
  readonly records: readonly EpochRecord[];
}

/** How a run is trained in its folder. */
export interface RunTrainingOptions extends TrainOptions {
  /** Where it goes on; the beginning when left out. */
  readonly from?: Resumption;
  /** Changes what is in the folder before the first step, and after everything that may still refuse the run. */
  readonly begin?: () => Promise<void>;
}

/** Whether an engine is that of before, on its device. */
const isSame = ({ name, device }: Engine, made: Resumption["made"] | undefined): boolean =>
  name === made?.engine && device === made.device;

/**
 * Trains in a run folder that nobody else writes, to the end or until the signal comes, and writes what a run leaves.
 *
 * @throws BioflaxError when the loss is no longer finite or a file cannot be written, after a summary with the status
 *   `failed`.
 */
export async function runTraining(
  prepared: Prepared,
  started: StartedEngine,
  folder: RunFolder,
  { signal, verbose = false, startedAt = performance.now(), from, begin }: RunTrainingOptions,
): Promise<TrainedRun> {
  const { config, dataset, trainable, createEngine, reporter } = prepared;
  const { network, optimizer, learningRate } = trainable;
  const { engine, engineSetup } = started;
  const why = engine.why ?? (isSame(engine, from?.made) ? from?.made.why : undefined);
  const about = {
    engine: engine.name,
    device: engine.device,
    ...(why !== undefined && { why }),
    threads: engine.threads,
    ...(engine.replicas !== undefined && { replicas: engine.replicas }),
    versions: { bioflax: bioflaxVersion, node: process.versions.node, ...engine.versions },
  };
  await reporter.started?.({
    config,
    dataset,
    network,
    engine: engine.name,
    device: engine.device,
    why,
    threads: engine.threads,
    folder: folder.path,
    weights: engineSetup.weights,
    cpuFallbackOps: verbose ? await engine.cpuFallbackOps?.() : undefined,
    ...(from && { resumed: { records: from.records, examples: from.progress.partial.examples } }),
  });
  await begin?.();

  const warnings = notMeant(prepared, engineSetup.weights, engineSetup.stepsTaken);
  for (const warning of warnings) reporter.warning?.(warning);

  const progress = new RunProgress(
    dataset.task,
    startedAt,
    from && { ...from.progress, records: from.records },
  );
  const checkpoints = new CheckpointKeeper(
    {
      network,
      optimizer,
      config,
      folder,
      about: {
        config: settingsFrom(folder.path, config),
        made: about,
        data: fingerprintOf(dataset),
      },
    },
    from?.progress,
  );
  const loop = new TrainingLoop({
    config,
    dataset,
    learningRate,
    ...started,
    createEngine,
    folder,
    checkpoints,
    progress,
    reporter,
    signal,
  });
  try {
    const status = await loop.run();
    const astray = wentAstray(progress.firstLoss, progress.records.at(-1));
    for (const warning of astray) reporter.warning?.(warning);
    warnings.push(...astray);
    await folder.write("final.safetensors", encodeWeights(network, await engine.weights()));
    const report = config.plot ? await writeReport(status) : undefined;
    await folder.close();
    const run = {
      folder: folder.path,
      ...(report && { report }),
      summary: summaryOf(status),
    };
    await folder.writeSummary(run.summary);
    await reporter.finished?.(run);
    return run;
  } catch (error) {
    await saveFailure(error);
    throw error;
  }

  function summaryOf(status: RunStatus, error: Pick<Summary, "error" | "diverged"> = {}): Summary {
    const given = warnings.length === 0 ? {} : { warnings };
    return { ...progress.summary(status), ...error, ...given, ...about };
  }

  async function writeReport(status: RunStatus): Promise<string> {
    const { pageOfTrained } = await import("../report/report");
    const { path } = folder;
    const { records } = progress;
    const summary = summaryOf(status);
    const page = await pageOfTrained({ path, config, records, summary }, engine, dataset);
    await folder.write("report.html", page);
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
    const isDiverged = error instanceof DivergedError;
    const summary = summaryOf("failed", { error: message, ...(isDiverged && { diverged: true }) });
    await folder.writeSummary(summary).catch(ignore);
    await Promise.resolve(reporter.failed?.({ folder: folder.path, summary })).catch(ignore);
  }
}
