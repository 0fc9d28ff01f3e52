import { join } from "node:path";
import type { EpochRecord } from "@bioflax/runs";
import { readRun } from "@bioflax/runs/node";
import { ConfigError } from "../../resolve/resolve";
import type { TaskSource } from "../execute/execute";
import type { RunResult } from "../execute/reporter";
import type { SweepRun, SweepSearch } from "../plan/plan-sweep";
import type { Task } from "../plan/tasks";
import { type Comparison, comparisonOf, runMetrics } from "../results/metrics";
import type { Optuna, Trial } from "./optuna";

/** A trial whose runs are under way: one for each seed. */
interface OpenTrial {
  readonly number: number;
  readonly runs: readonly SweepRun[];
  /** What each run has come to, epoch by epoch. */
  readonly curves: Map<SweepRun, (number | undefined)[]>;
  readonly ended: Map<SweepRun, RunResult>;
  /** Whether it is to end, for Optuna does not think it promising. */
  isPruned: boolean;
}

/** What a search works with. */
export interface SearchSetup {
  readonly optuna: Pick<Optuna, "ask" | "report" | "tell">;
  readonly search: SweepSearch;
  readonly comparison: Comparison;
  /** The folder that the runs' folders are in. */
  readonly folder: string;
  /** Trials of before. */
  readonly trials: readonly Trial[];
  /** Gives runs their threads and their folders' names. */
  readonly prepare: (runs: readonly SweepRun[]) => Promise<readonly SweepRun[]>;
  /** Told of a trial's runs before they are executed. */
  readonly onRuns: (runs: readonly SweepRun[]) => Promise<void>;
  readonly onNotice: (text: string) => void;
}

/**
 * Tasks from values that Optuna proposes. What a trial comes to is the mean over its seeds; so are the values by which
 * it is pruned, as soon as all of its seeds have come as far. A trial of which a run diverged, or whose values cannot be
 * trained, ends as pruned without a value, which samplers take for worse than all others.
 */
export class SearchSource implements TaskSource {
  readonly #setup: SearchSetup;
  readonly #queue: Task[] = [];
  readonly #trialOf = new Map<SweepRun, OpenTrial>();
  /** Trials of a process that is no more, which go on. */
  readonly #left: Trial[];
  #asked: number;
  #asking: Promise<unknown> = Promise.resolve();

  constructor(setup: SearchSetup) {
    this.#setup = setup;
    this.#left = setup.trials.filter(({ state }) => state === "running");
    this.#asked = setup.trials.length;
  }

  async next(): Promise<Task | undefined> {
    // Who asks at the same time waits: what is proposed depends on what is known.
    const task = this.#asking.then(() => this.#next());
    this.#asking = task.catch(() => {});
    return task;
  }

  async #next(): Promise<Task | undefined> {
    for (;;) {
      const task = this.#queue.shift();
      if (task !== undefined) {
        const [run] = task.runs as [SweepRun];
        if (!this.#trialOf.get(run)?.isPruned) return task;
        await this.ended(run, { kind: "pruned" });
        continue;
      }
      const trial = this.#left.shift() ?? (await this.#propose());
      if (trial === undefined) return undefined;
      await this.#open(trial);
    }
  }

  async #propose(): Promise<Trial | undefined> {
    if (this.#asked >= this.#setup.search.spec.trials) return undefined;
    this.#asked++;
    return this.#setup.optuna.ask();
  }

  async #open({ number, values }: Trial): Promise<void> {
    const { search, optuna, prepare, onRuns, onNotice } = this.#setup;
    try {
      const proposed = search.propose(values);
      if (proposed.length === 0) {
        onNotice(`trial ${number} is left out`);
        return await optuna.tell(number, undefined);
      }
      const runs = await prepare(proposed);
      await onRuns(runs);
      const trial: OpenTrial = {
        number,
        runs,
        curves: new Map(runs.map((run) => [run, []])),
        ended: new Map(),
        isPruned: false,
      };
      for (const run of runs) {
        this.#trialOf.set(run, trial);
        await this.#readCurve(trial, run);
        this.#queue.push({ runs: [run] });
      }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      onNotice(`trial ${number} cannot be trained: ${error.problems.join("; ")}`);
      await optuna.tell(number, undefined);
    }
  }

  #pathOf(run: SweepRun): string {
    return join(this.#setup.folder, run.name);
  }

  /** Takes over what a run has come to before. */
  async #readCurve(trial: OpenTrial, run: SweepRun): Promise<void> {
    const stored = await readRun(this.#pathOf(run)).catch(() => undefined);
    for (const record of stored?.records ?? []) this.#note(trial, run, record);
  }

  #note(trial: OpenTrial, run: SweepRun, record: EpochRecord): void {
    const { metric } = this.#setup.comparison;
    const name = metric.replace(/^best\./, "");
    (trial.curves.get(run) as (number | undefined)[])[record.epoch - 1] = runMetrics(
      record,
      undefined,
    )[name];
  }

  /** Reports an epoch as soon as all seeds have it. */
  async epochFinished(run: SweepRun, record: EpochRecord): Promise<boolean> {
    const trial = this.#trialOf.get(run);
    if (trial === undefined) return false;
    if (trial.isPruned) return true;
    this.#note(trial, run, record);
    const values = [...trial.curves.values()].map((curve) => curve[record.epoch - 1]);
    if (!values.every((value): value is number => Number.isFinite(value))) return false;
    trial.isPruned = await this.#setup.optuna.report(trial.number, record.epoch, mean(values));
    return trial.isPruned;
  }

  async ended(run: SweepRun, result: RunResult): Promise<void> {
    const trial = this.#trialOf.get(run);
    if (trial === undefined || trial.ended.has(run)) return;
    // It goes on when the sweep is started again.
    if (result.kind === "interrupted") return;
    trial.ended.set(run, result);
    if (trial.ended.size < trial.runs.length) return;
    const kinds = [...trial.ended.values()].map(({ kind }) => kind);
    // What an error says nothing of is tried again when the sweep is started again.
    if (kinds.includes("failed")) return;
    const isDone = kinds.every((kind) => kind === "done");
    await this.#setup.optuna.tell(trial.number, isDone ? await this.#valueOf(trial) : undefined);
  }

  /** What a trial whose runs are done has come to. */
  async #valueOf({ runs }: OpenTrial): Promise<number | undefined> {
    const { metric, goal } = this.#setup.comparison;
    const values: number[] = [];
    for (const run of runs) {
      const { records, summary } = await readRun(this.#pathOf(run));
      const metrics = runMetrics(records.at(-1), summary?.best);
      comparisonOf({ metric, goal }, new Set(Object.keys(metrics)));
      values.push(metrics[metric] as number);
    }
    const value = mean(values);
    return Number.isFinite(value) ? value : undefined;
  }
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
