import { BioflaxError, checkOptionNames, type Weights } from "@bioflax/core";
import { describePlace, encodeWeights, NETWORK_FILE } from "@bioflax/runs";
import {
  type CheckpointFile,
  checkPlaces,
  checkpointPath,
  RunFolder,
  readCheckpoint,
  readRecords,
  readRunWeights,
  snapshotOf,
} from "@bioflax/runs/node";
import { bioflaxVersion } from "../base/version";
import { fingerprintOf } from "../checkpoint/data-fingerprint";
import { checkNotPast, checkSameSettings, settingsOf } from "../checkpoint/settings";
import type { Config, ConfigInput } from "../config/schema";
import { type EngineChoice, engineNames } from "../devices/names";
import type { EngineFactory } from "../engines/engine";
import { loadEngine } from "../engines/load";
import { loadReplicasEngine } from "../engines/replicas/load";
import { ReplicaGroup } from "../engines/replicas/replica-group";
import type { Reporter, TrainedRun } from "../loggers/reporter";
import { loadPlugins } from "../plugins/load";
import { settingsFrom } from "../stored/run-config";
import { checkSamePlugins } from "../stored/run-plugins";
import {
  type EngineStart,
  networkFile,
  type Prepared,
  prepare,
  type StartedEngine,
  startingWeights,
  type TrainOptions,
  trainOptionNames,
  withEngine,
} from "./prepare";
import { runTraining } from "./run-training";

/** How a run is resumed, watched and stopped. */
export interface ResumeOptions extends TrainOptions {
  /**
   * Settings that are to be others from here on; only those that leave the numbers as they are, such as more `epochs`.
   */
  readonly settings?: ConfigInput;
}

/**
 * Goes on with a run that was stopped, by a signal or a power cut, where its last checkpoint is: to the numbers it
 * would have come to undisturbed, bit for bit, on the same engine, device and number of threads; a replica does so
 * without the others, too.
 *
 * A run without a checkpoint starts from its beginning; of one that is done there is nothing left to do.
 *
 * @param path the run folder.
 * @returns as {@link train}.
 * @throws BioflaxError for a folder that holds no run or that another process writes; for a checkpoint that is torn,
 *   damaged or another run's; for data that is not what the run was trained on; and as {@link train}. ConfigError for
 *   settings that would change the numbers. Then the folder is as it was.
 * @example
 * const { summary } = await resume("runs/third", { settings: { epochs: 20 } });
 */
export async function resume(path: string, options: ResumeOptions = {}): Promise<TrainedRun> {
  checkOptionNames("resume", options, trainOptionNames, { settings: true });
  const startedAt = options.startedAt ?? performance.now();
  const { reporter = {}, signal } = options;
  const onNotice = (text: string) => reporter.notice?.(text);
  const folder = await RunFolder.open(path);
  return folder.exclusively(() => resumeIn(folder, { ...options, startedAt }), {
    signal,
    onNotice,
  });
}

async function resumeIn(folder: RunFolder, options: ResumeOptions): Promise<TrainedRun> {
  const { reporter = {} } = options;
  const { plugins = [], ...changes } = options.settings ?? {};
  await checkSamePlugins(folder.path, await loadPlugins(plugins));
  const config = await settingsOf(folder, changes);
  const finished = await finishedRun(folder, config);
  if (finished !== undefined) {
    reporter.notice?.(
      `nothing left to do: all ${config.epochs} epochs are done. With more --epochs it goes on`,
    );
    await reporter.finished?.(finished);
    return finished;
  }
  await checkPlaces(folder.path);
  const checkpoint = await readCheckpoint(folder.path);
  if (checkpoint === undefined) return startAgain(folder, config, options);

  checkSameSettings(checkpoint, settingsFrom(folder.path, config));
  const { progress, made } = checkpoint.content;
  const engine = engineOf(config, made);
  const createEngine = options.createEngine ?? (await replicaAgain(engine, made));
  const prepared = await prepare(
    config,
    { ...options, ...(createEngine && { createEngine }) },
    engine,
  );
  const snapshot = snapshotOf(checkpoint, prepared.trainable);
  checkData(checkpoint, prepared);
  const records = await readRecords(folder.file("metrics.jsonl"), progress);
  return withEngine(prepared, { ...snapshot, ...sameDevice(config, made) }, async (started) => {
    tellDifferences(made, started, reporter);
    reporter.notice?.(`resuming ${describePlace(progress)}`);
    return runTraining(prepared, started, folder, {
      ...options,
      from: { progress, records, made },
      begin: async () => {
        await writeAbout(folder, prepared);
        await folder.goBackTo(progress.metricsBytes);
      },
    });
  });
}

/**
 * A run that has come to its end, of which nothing else is wanted. @throws ConfigError for fewer epochs than it has
 * done.
 */
async function finishedRun(folder: RunFolder, config: Config): Promise<TrainedRun | undefined> {
  const summary = await folder.readSummary();
  if (summary?.status !== "done") return undefined;
  checkNotPast(summary.epochs, config.epochs);
  if (config.epochs > summary.epochs) return undefined;
  const hasReport = await folder.has("report.html");
  if (config.plot && !hasReport) return undefined;
  return {
    folder: folder.path,
    ...(hasReport && { report: folder.file("report.html") }),
    summary,
  };
}

/** Starts a run once more that was stopped before it had a checkpoint. */
async function startAgain(
  folder: RunFolder,
  config: Config,
  options: ResumeOptions,
): Promise<TrainedRun> {
  if ((await folder.readSummary())?.status === "done")
    throw new BioflaxError(
      `--resume ${folder.path}: expected a checkpoint to go on from, but the run is done and has none` +
        `${config.checkpointEvery === 0 ? ": it was trained with --checkpoint-every 0" : `: ${checkpointPath(folder.path, "last")} has been removed. Bring it back if there is a copy`}. ` +
        "Start another from its weights with --init.",
    );
  options.reporter?.notice?.("there is no checkpoint yet: starting from the beginning");
  const prepared = await prepare(config, options);
  const weights = await initialWeights(folder, prepared, options.signal);
  return withEngine(prepared, { weights }, async (started) => {
    return runTraining(prepared, started, folder, {
      ...options,
      begin: async () => {
        await writeAbout(folder, prepared);
        const { network } = prepared.trainable;
        await folder.write("initial.safetensors", encodeWeights(network, weights));
        await folder.goBackTo(0);
      },
    });
  });
}

/** Writes what the run is, which it may be under other settings from here on. */
async function writeAbout(folder: RunFolder, prepared: Prepared): Promise<void> {
  await folder.writeConfig(settingsFrom(folder.path, prepared.config));
  await folder.write(NETWORK_FILE, networkFile(prepared));
}

/** The weights the run has started from, which `--init` may name others for by now. */
async function initialWeights(
  folder: RunFolder,
  prepared: Prepared,
  signal: AbortSignal | undefined,
): Promise<Weights> {
  return (
    (await readRunWeights(folder.file("initial.safetensors"), prepared.trainable.network)) ??
    startingWeights(prepared, signal)
  );
}

function checkData({ file, content }: CheckpointFile, { dataset }: Prepared): void {
  if (content.data !== fingerprintOf(dataset))
    throw new BioflaxError(
      `${file}: expected the data that the run was trained on, but ${dataset.name} holds other examples now. ` +
        "If the files have moved, name their folder with --data-dir.",
    );
}

type Made = CheckpointFile["content"]["made"];

/** The engine of before, where the settings leave it open; else theirs. */
function engineOf({ engine }: Config, made: Made): EngineChoice {
  const before = engineNames.find((name) => name === made.engine);
  return engine === "auto" && before !== undefined ? before : engine;
}

/** The engine of a replica that goes on without the others, to the same bits; none of a run that trained by itself. */
async function replicaAgain(engine: EngineChoice, made: Made): Promise<EngineFactory | undefined> {
  if (made.replicas === undefined || engine !== made.engine) return undefined;
  const group = new ReplicaGroup(1, await loadReplicasEngine(engine), await loadEngine(engine));
  return group.factoryFor(0);
}

/** The device and the threads of before, where the settings leave them open. */
function sameDevice(config: Config, made: Made): Partial<EngineStart> {
  const { device, threads } = config;
  if (engineOf(config, made) !== made.engine) return {};
  return { device: device === "auto" ? made.device : device, threads: threads ?? made.threads };
}

/** Tells what is not as it was, and may change the numbers in their last bits. */
function tellDifferences(made: Made, { engine }: StartedEngine, reporter: Reporter): void {
  const differences = [
    ...(["name", "device", "threads"] as const).flatMap((key) => {
      const before = key === "name" ? made.engine : made[key];
      const what = key === "name" ? "engine" : key;
      return before === engine[key] ? [] : [`${what} ${before}, now ${engine[key]}`];
    }),
    ...Object.entries({ bioflax: bioflaxVersion, ...engine.versions }).flatMap(
      ([name, version]) => {
        const before = made.versions[name];
        return before === undefined || before === version
          ? []
          : [`${name} ${before}, now ${version}`];
      },
    ),
  ];
  if (differences.length > 0)
    reporter.notice?.(
      `the numbers may differ in their last bits from those of an undisturbed run: before it was ${differences.join("; ")}`,
    );
}
