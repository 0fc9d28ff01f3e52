import type { LearningRate, TrainingSnapshot } from "@bioflax/core";
import { type Dataset, type Examples, epochOrder, type Split } from "@bioflax/datasets";
import { summarizeAlignment } from "@bioflax/metrics";
import type { EpochRecord, PartialEpoch, RunStatus } from "@bioflax/runs";
import type { RunFolder } from "@bioflax/runs/node";
import type { CheckpointKeeper } from "../checkpoint/keeper";
import type { Config } from "../config/schema";
import { diverged } from "../diagnosis/diverged";
import type { Engine, EngineFactory, EngineSetup, EpochOptions } from "../engines/engine";
import { evaluateSplit } from "../engines/evaluate-split";
import { trainingExamples } from "../experiment/data";
import type { Reporter } from "../loggers/reporter";
import type { RunProgress } from "./run-progress";

/** What a loop runs on. */
export interface TrainingLoopSetup {
  readonly config: Config;
  readonly dataset: Dataset;
  /** What the engine learns at, to be recorded where it changes. */
  readonly learningRate: LearningRate;
  readonly engine: Engine;
  /** What the engine was made by and with: one more is made to find out where a run that diverges went wrong. */
  readonly createEngine: EngineFactory;
  readonly engineSetup: EngineSetup;
  readonly folder: RunFolder;
  readonly checkpoints: CheckpointKeeper;
  /** Where it begins; it is kept up to date. */
  readonly progress: RunProgress;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
}

/** An epoch's examples: in which order, and what they look like. */
interface EpochData {
  readonly epoch: number;
  readonly rows: Int32Array;
  readonly examples: Examples;
}

/** A state that can be gone back to, and how far the epoch under way was. */
interface GoodState {
  readonly snapshot: Pick<EngineSetup, "weights" | "slots" | "stepsTaken">;
  readonly partial: PartialEpoch;
}

/** The epochs of a run, one after another, with their checkpoints. */
export class TrainingLoop {
  readonly #setup: TrainingLoopSetup;
  #good: GoodState;

  constructor(setup: TrainingLoopSetup) {
    this.#setup = setup;
    this.#good = { snapshot: setup.engineSetup, partial: setup.progress.partial };
  }

  /**
   * Trains until all epochs are done or the signal comes.
   *
   * @throws BioflaxError when a loss is no longer finite, unless that is to be; and when a file cannot be written.
   */
  async run(): Promise<Exclude<RunStatus, "failed">> {
    const { config, checkpoints, progress } = this.#setup;
    while (progress.records.length < config.epochs) {
      if (!(await this.#epoch(progress.records.length + 1))) {
        await this.#save();
        return "interrupted";
      }
    }
    if (checkpoints.isOn) await this.#save();
    return "done";
  }

  /** Trains an epoch, or what is left of it. @returns whether it is complete. */
  async #epoch(epoch: number): Promise<boolean> {
    const { config, dataset, folder, checkpoints, progress, reporter, signal } = this.#setup;
    if (signal?.aborted) return false;
    const { seed, shuffle } = config;
    const data = {
      epoch,
      rows: epochOrder(dataset.train, { seed, epoch: epoch - 1, shuffle }),
      examples: trainingExamples(config, dataset, epoch - 1),
    };
    reporter.epochStarted?.(epoch, data.rows.length);
    while (progress.partial.examples < data.rows.length) {
      if (signal?.aborted) return false;
      await this.#train(data);
      if (checkpoints.isDue && progress.partial.examples < data.rows.length) await this.#save();
    }
    reporter.evaluating?.();
    const record = await this.#evaluate(data);
    await folder.appendMetrics(record);
    progress.completed(record);
    // Before the checkpoint: whoever keeps records has them twice if the run dies here, and else would never have them.
    await reporter.epochFinished?.(record, this.#setup.engine);
    await this.#keep(record);
    return true;
  }

  /** Trains until the epoch is complete, the signal comes, a checkpoint is due, or a loss is not finite. */
  async #train(data: EpochData): Promise<void> {
    const { config, engine, checkpoints, progress, reporter, signal } = this.#setup;
    const { rows, examples } = data;
    const { partial } = progress;
    const pause = new AbortController();
    const start = performance.now();
    const result = await engine.trainEpoch(rows.subarray(partial.examples), {
      examples,
      ...this.#measured(partial),
      onProgress: (done, losses) => {
        if (done > 0) progress.stepped();
        reporter.progress?.(partial.examples + done);
        if (checkpoints.isDue || this.#indexOfBad(losses) >= 0) pause.abort();
      },
      signal: signal === undefined ? pause.signal : AbortSignal.any([signal, pause.signal]),
    });
    progress.trained({ ...result, seconds: secondsSince(start) }, config.batchSize, rows.length);
    const bad = this.#indexOfBad(result.losses);
    if (bad < 0) return;
    const step = partial.examples / config.batchSize + bad;
    const what = `the training loss is ${result.losses[bad]} at epoch ${data.epoch}, step ${step + 1}`;
    throw await this.#diverged(what, data, { step });
  }

  /** On which batches of what is left of an epoch alignment is to be measured. */
  #measured({ alignment }: PartialEpoch): Pick<EpochOptions, "alignmentBatches" | "alignEvery"> {
    const { computeAlignments, alignmentBatches, alignEvery } = this.#setup.config;
    if (!computeAlignments) return { alignmentBatches: 0 };
    return { alignmentBatches: alignmentBatches - alignment.length, alignEvery };
  }

  /** The index of the first loss that stops the run; -1 when there is none. */
  #indexOfBad(losses: Float64Array): number {
    return this.#setup.config.onNan === "continue"
      ? -1
      : losses.findIndex((loss) => !Number.isFinite(loss));
  }

  async #evaluate(data: EpochData): Promise<EpochRecord> {
    const { config, dataset, learningRate, engine, progress } = this.#setup;
    const { epoch, rows } = data;
    const { examples, lossTotal, alignment, trainSeconds } = progress.partial;
    const start = performance.now();
    const evaluate = async (name: string, split: Split) => {
      const result = await evaluateSplit(engine, dataset, split);
      if (this.#indexOfBad(Float64Array.of(result.loss)) >= 0)
        throw await this.#diverged(
          `the ${name} loss is ${result.loss} after epoch ${epoch}`,
          data,
          {
            split,
          },
        );
      return result;
    };
    const val = dataset.validation && (await evaluate("validation", dataset.validation));
    const test = await evaluate("test", dataset.test);
    const steps = Math.ceil(rows.length / config.batchSize);
    return {
      epoch,
      ...(typeof learningRate !== "number" && { learningRate: learningRate(epoch * steps - 1) }),
      train: { loss: lossTotal / examples },
      ...(val && { val }),
      test,
      ...(alignment.length > 0 && { alignment: summarizeAlignment(alignment) }),
      ...(alignment.length > 0 &&
        config.alignEvery !== undefined && {
          alignmentCourse: courseOf(alignment, (epoch - 1) * steps, config.alignEvery),
        }),
      timing: {
        trainSeconds,
        evaluateSeconds: secondsSince(start),
        examplesPerSecond: examples / trainSeconds,
      },
    };
  }

  /** Keeps what a complete epoch has come to, and writes it when it is time. */
  async #keep(record: EpochRecord): Promise<void> {
    const { checkpoints, folder, progress } = this.#setup;
    const snapshot = await this.#snapshot();
    if (snapshot === undefined) return;
    const reached = progress.progress(folder.metricsBytes);
    if (progress.best === record) checkpoints.keepBest(snapshot, reached);
    if (checkpoints.isDueAfter(record.epoch)) await checkpoints.save(snapshot, reached);
  }

  /** Writes the checkpoint that the run goes on from. */
  async #save(): Promise<void> {
    const { checkpoints, folder, progress } = this.#setup;
    const snapshot = await this.#snapshot();
    if (snapshot !== undefined && snapshot.stepsTaken > 0)
      await checkpoints.save(snapshot, progress.progress(folder.metricsBytes));
  }

  /**
   * What training has come to; undefined when it is on the way to a loss that stops the run, and no checkpoint may have
   * it.
   */
  async #snapshot(): Promise<TrainingSnapshot | undefined> {
    const { config, engine, progress } = this.#setup;
    const snapshot = await engine.snapshot();
    if (config.onNan === "stop" && !isWhole(snapshot)) return undefined;
    this.#good = { snapshot, partial: progress.partial };
    return snapshot;
  }

  /** The error for a loss of the epoch under way. @param at its step, from 0, or the split it is of. */
  async #diverged(
    what: string,
    { rows, examples }: EpochData,
    at: { step: number } | { split: Split },
  ) {
    const { config, engine, createEngine, engineSetup, checkpoints, reporter } = this.#setup;
    const { snapshot, partial } = this.#good;
    const skipped = partial.examples / config.batchSize;
    reporter.diagnosing?.(what);
    return diverged(what, checkpoints.describeSaved(), {
      engine,
      createEngine,
      setup: engineSetup,
      good: snapshot,
      examples,
      rows: rows.subarray(partial.examples),
      ...this.#measured(partial),
      at: "step" in at ? { step: at.step - skipped } : at,
    });
  }
}

/** What was measured at every so many steps, with the steps; an epoch may begin between two of them. */
function courseOf(
  alignment: PartialEpoch["alignment"],
  firstStep: number,
  every: number,
): NonNullable<EpochRecord["alignmentCourse"]> {
  const first = Math.ceil(firstStep / every) * every;
  return alignment.map((values, i) => ({
    step: first + i * every,
    ...summarizeAlignment([values]),
  }));
}

/** Whether all weights are finite. */
function isWhole({ weights }: TrainingSnapshot): boolean {
  return Object.values(weights).every((values) => values.every(Number.isFinite));
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
