import type { Dataset } from "@bioflax/datasets";
import {
  type Elapsed,
  type EpochRecord,
  isBetter,
  NOTHING,
  type PartialEpoch,
  type Progress,
  type RunStatus,
  type Summary,
} from "@bioflax/runs";
import type { EpochResult } from "../engines/engine";

/** Where a run that was stopped goes on. */
export interface StartingPoint extends Pick<Progress, "partial" | "elapsed" | "firstLoss"> {
  readonly records: readonly EpochRecord[];
}

/** A part of an epoch that has been trained. */
export interface Stretch extends EpochResult {
  readonly seconds: number;
}

/** What has been done and measured so far in a run, over all the times it was started. */
export class RunProgress {
  readonly #task: Dataset["task"];
  readonly #startedAt: number;
  readonly #records: EpochRecord[] = [];
  readonly #before: Elapsed;
  #partial: PartialEpoch;
  #best: EpochRecord | undefined;
  #trainSeconds: number;
  #examples: number;
  #firstStepAt: number | undefined;
  #firstLoss: number | undefined;

  /** @param startedAt when the command was started, as `performance.now()` gives it. */
  constructor(task: Dataset["task"], startedAt: number, from?: StartingPoint) {
    this.#task = task;
    this.#startedAt = startedAt;
    this.#partial = from?.partial ?? NOTHING;
    this.#before = from?.elapsed ?? { trainSeconds: 0, examples: 0, totalSeconds: 0 };
    this.#trainSeconds = this.#before.trainSeconds;
    this.#examples = this.#before.examples;
    this.#firstLoss = from?.firstLoss;
    for (const record of from?.records ?? []) this.#add(record);
  }

  /** The completed epochs. */
  get records(): readonly EpochRecord[] {
    return this.#records;
  }

  /** The best of them. */
  get best(): EpochRecord | undefined {
    return this.#best;
  }

  /** The epoch under way. */
  get partial(): PartialEpoch {
    return this.#partial;
  }

  /** The loss of the run's first step, where it is known. */
  get firstLoss(): number | undefined {
    return this.#firstLoss;
  }

  /** Notes that steps have been done, as soon as that is known. */
  stepped(): void {
    this.#firstStepAt ??= performance.now();
  }

  /**
   * Adds a part of the epoch under way.
   *
   * @param batchSize examples in a batch; the last of the epoch may have fewer.
   * @param epochExamples how many the whole epoch has.
   */
  trained(stretch: Stretch, batchSize: number, epochExamples: number): void {
    const { losses, alignment, seconds } = stretch;
    let { examples, lossTotal } = this.#partial;
    for (const loss of losses) {
      const batch = Math.min(batchSize, epochExamples - examples);
      lossTotal += loss * batch;
      examples += batch;
    }
    if (losses.length > 0) this.stepped();
    if (this.#examples === 0) this.#firstLoss = losses[0];
    this.#examples += examples - this.#partial.examples;
    this.#trainSeconds += seconds;
    this.#partial = {
      examples,
      lossTotal,
      alignment: [...this.#partial.alignment, ...alignment],
      trainSeconds: this.#partial.trainSeconds + seconds,
    };
  }

  /** Adds the epoch under way as complete. */
  completed(record: EpochRecord): void {
    this.#add(record);
    this.#partial = NOTHING;
  }

  #add(record: EpochRecord): void {
    this.#records.push(record);
    if (isBetter(this.#task, record, this.#best)) this.#best = record;
  }

  get #elapsed(): Elapsed {
    const { totalSeconds, secondsToFirstStep } = this.#before;
    const first =
      secondsToFirstStep ??
      (this.#firstStepAt && totalSeconds + (this.#firstStepAt - this.#startedAt) / 1000);
    return {
      trainSeconds: this.#trainSeconds,
      examples: this.#examples,
      totalSeconds: totalSeconds + (performance.now() - this.#startedAt) / 1000,
      ...(first !== undefined && { secondsToFirstStep: first }),
    };
  }

  /** How far the run is, for a checkpoint. @param metricsBytes how many bytes the lines of its epochs have. */
  progress(metricsBytes: number): Progress {
    return {
      epochs: this.#records.length,
      metricsBytes,
      partial: this.#partial,
      elapsed: this.#elapsed,
      ...(this.#firstLoss !== undefined && { firstLoss: this.#firstLoss }),
    };
  }

  /** What there is to say of the run by now, but for what it ran on. */
  summary(status: RunStatus): Omit<Summary, "engine" | "device" | "threads" | "versions"> {
    const last = this.#records.at(-1);
    const { examples, ...timing } = this.#elapsed;
    return {
      status,
      epochs: this.#records.length,
      ...(last && { train: last.train, ...(last.val && { val: last.val }), test: last.test }),
      ...(this.#best && { best: withoutDetails(this.#best) }),
      timing,
      throughput: {
        examplesPerSecond: timing.trainSeconds > 0 ? examples / timing.trainSeconds : 0,
      },
    };
  }
}

function withoutDetails({
  learningRate: _learningRate,
  alignment: _alignment,
  alignmentCourse: _course,
  timing: _timing,
  ...record
}: EpochRecord): NonNullable<Summary["best"]> {
  return record;
}
