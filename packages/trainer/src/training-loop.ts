import { BioflaxError, type LearningRate } from "@bioflax/core";
import { type Dataset, epochOrder } from "@bioflax/datasets";
import { summarizeAlignment } from "@bioflax/metrics";
import type { Config } from "./config/schema";
import type { Engine, Evaluation } from "./engines/engine";
import { trainingExamples } from "./experiment/data";
import type { Reporter } from "./reporter";
import { type EpochRecord, isBetter, type RunStatus, type Summary } from "./run-folder/records";
import type { RunFolder } from "./run-folder/run-folder";

/** What a loop runs on. */
export interface TrainingLoopSetup {
  readonly config: Config;
  readonly dataset: Dataset;
  /** What the engine learns at, to be recorded where it changes. */
  readonly learningRate: LearningRate;
  readonly engine: Engine;
  readonly folder: RunFolder;
  readonly reporter: Reporter;
  readonly startedAt: number;
  readonly signal?: AbortSignal | undefined;
}

/** The epochs of a run, and what has been measured so far. */
export class TrainingLoop {
  readonly #setup: TrainingLoopSetup;
  readonly #records: EpochRecord[] = [];
  #best: EpochRecord | undefined;
  #trainSeconds = 0;
  #examples = 0;
  #firstStepAt: number | undefined;

  constructor(setup: TrainingLoopSetup) {
    this.#setup = setup;
  }

  /** The completed epochs. */
  get records(): readonly EpochRecord[] {
    return this.#records;
  }

  /**
   * Trains until all epochs are done or the signal comes.
   *
   * @throws BioflaxError when a loss is no longer finite.
   */
  async run(): Promise<Exclude<RunStatus, "failed">> {
    const { config, dataset, folder, reporter, signal } = this.#setup;
    for (let epoch = 1; epoch <= config.epochs; epoch++) {
      if (signal?.aborted) return "interrupted";
      const trained = await this.#trainEpoch(epoch);
      if (trained === "interrupted") return trained;
      reporter.evaluating?.();
      const record = await this.#evaluate(epoch, trained);
      this.#records.push(record);
      if (isBetter(dataset.task, record, this.#best)) this.#best = record;
      await folder.appendMetrics(record);
      await reporter.epochFinished?.(record, this.#setup.engine);
    }
    return "done";
  }

  async #trainEpoch(
    epoch: number,
  ): Promise<"interrupted" | Omit<EpochRecord, "epoch" | "val" | "test">> {
    const { config, dataset, learningRate, engine, reporter, signal } = this.#setup;
    const rows = epochOrder(dataset.train, {
      seed: config.seed,
      epoch: epoch - 1,
      shuffle: config.shuffle,
    });
    reporter.epochStarted?.(epoch, rows.length);
    const start = performance.now();
    const { losses, alignment } = await engine.trainEpoch(rows, {
      examples: trainingExamples(config, dataset, epoch - 1),
      alignmentBatches: config.computeAlignments ? config.n : 0,
      onProgress: (examples) => {
        this.#firstStepAt ??= performance.now();
        reporter.progress?.(examples);
      },
      ...(signal && { signal }),
    });
    const trainSeconds = secondsSince(start);
    const examples = Math.min(losses.length * config.batchSize, rows.length);
    if (examples > 0) this.#firstStepAt ??= performance.now();
    this.#trainSeconds += trainSeconds;
    this.#examples += examples;

    const step = losses.findIndex((loss) => !Number.isFinite(loss));
    if (step >= 0)
      throw diverged(`the training loss is ${losses[step]} at epoch ${epoch}, step ${step + 1}`);
    if (examples < rows.length) return "interrupted";
    return {
      ...(typeof learningRate !== "number" && {
        learningRate: learningRate(epoch * losses.length - 1),
      }),
      train: { loss: meanLoss(losses, config.batchSize, rows.length) },
      ...(alignment.length > 0 && { alignment: summarizeAlignment(alignment) }),
      timing: { trainSeconds, evaluateSeconds: 0, examplesPerSecond: examples / trainSeconds },
    };
  }

  async #evaluate(
    epoch: number,
    { alignment, timing, ...trained }: Omit<EpochRecord, "epoch" | "val" | "test">,
  ): Promise<EpochRecord> {
    const { dataset, engine } = this.#setup;
    const start = performance.now();
    const val = dataset.validation && (await engine.evaluate(dataset.validation));
    const test = await engine.evaluate(dataset.test);
    for (const [name, result] of Object.entries({ validation: val, test }) as [
      string,
      Evaluation | undefined,
    ][]) {
      if (result !== undefined && !Number.isFinite(result.loss)) {
        throw diverged(`the ${name} loss is ${result.loss} after epoch ${epoch}`);
      }
    }
    return {
      epoch,
      ...trained,
      ...(val && { val }),
      test,
      ...(alignment && { alignment }),
      timing: { ...timing, evaluateSeconds: secondsSince(start) },
    };
  }

  /** What there is to say of the run by now, but for what it ran on. */
  summary(status: RunStatus): Omit<Summary, "engine" | "device" | "threads" | "versions"> {
    const { startedAt } = this.#setup;
    const last = this.#records.at(-1);
    return {
      status,
      epochs: this.#records.length,
      ...(last && { train: last.train, ...(last.val && { val: last.val }), test: last.test }),
      ...(this.#best && { best: withoutDetails(this.#best) }),
      timing: {
        trainSeconds: this.#trainSeconds,
        totalSeconds: secondsSince(startedAt),
        ...(this.#firstStepAt !== undefined && {
          secondsToFirstStep: (this.#firstStepAt - startedAt) / 1000,
        }),
      },
      throughput: {
        examplesPerSecond: this.#trainSeconds > 0 ? this.#examples / this.#trainSeconds : 0,
      },
    };
  }
}

function withoutDetails({
  learningRate: _learningRate,
  alignment: _alignment,
  timing: _timing,
  ...record
}: EpochRecord): NonNullable<Summary["best"]> {
  return record;
}

/** The mean over examples: the last batch may have fewer of them. */
function meanLoss(losses: Float64Array, batchSize: number, examples: number): number {
  const total = losses.reduce(
    (sum, loss, batch) => sum + loss * Math.min(batchSize, examples - batch * batchSize),
    0,
  );
  return total / examples;
}

function diverged(what: string): BioflaxError {
  return new BioflaxError(
    `Training diverged: ${what}. Try a lower --lr, smaller --scale-w and --scale-b, or another --activations.`,
  );
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
