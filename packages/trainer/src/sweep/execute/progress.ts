import { costKeyOf } from "../plan/cost-key";
import type { SweepRun } from "../plan/plan-sweep";
import type { RunResult } from "./reporter";

/** A run below this share says too little of how long it takes. */
const TELLING_SHARE = 0.05;

interface UnderWay {
  readonly startedAt: number;
  /** How much was done when it was started; undefined until that is known. */
  from?: number;
  share: number;
}

/** How far a sweep is, and how long it takes still. */
export class SweepProgress {
  readonly #runs: readonly SweepRun[];
  readonly #jobs: number;
  readonly #now: () => number;
  readonly #underWay = new Map<SweepRun, UnderWay>();
  readonly #ended = new Map<SweepRun, RunResult>();
  /** Seconds an epoch took, by what it costs. */
  readonly #epochSeconds = new Map<string, number[]>();

  /** @param now the time in milliseconds. */
  constructor(runs: readonly SweepRun[], jobs: number, now = () => performance.now()) {
    this.#runs = runs;
    this.#jobs = jobs;
    this.#now = now;
  }

  started(run: SweepRun): void {
    this.#underWay.set(run, { startedAt: this.#now(), share: 0 });
  }

  progress(run: SweepRun, share: number): void {
    const state = this.#underWay.get(run);
    if (state === undefined) return;
    state.from ??= share;
    state.share = share;
  }

  ended(run: SweepRun, result: RunResult): void {
    const state = this.#underWay.get(run);
    this.#underWay.delete(run);
    this.#ended.set(run, result);
    if (state === undefined || result.kind !== "done") return;
    const done = (1 - (state.from ?? 0)) * run.config.epochs;
    if (done > 0) this.#note(run, (this.#now() - state.startedAt) / 1000 / done);
  }

  #note(run: SweepRun, seconds: number): void {
    const key = costKeyOf(run.config);
    this.#epochSeconds.set(key, [...(this.#epochSeconds.get(key) ?? []), seconds]);
  }

  /** How many runs there are of each kind. */
  get counts() {
    const of = (kind: RunResult["kind"]) =>
      [...this.#ended.values()].filter((result) => result.kind === kind).length;
    return {
      all: this.#runs.length,
      ended: this.#ended.size,
      running: this.#underWay.size,
      done: of("done"),
      diverged: of("diverged"),
      failed: of("failed"),
      pruned: of("pruned"),
      interrupted: of("interrupted"),
    };
  }

  /** How much of all epochs is done, from 0 to 1. */
  get share(): number {
    const done = this.#runs.map((run) =>
      this.#ended.has(run) ? 1 : (this.#underWay.get(run)?.share ?? 0),
    );
    const epochs = this.#runs.reduce((sum, { config }) => sum + config.epochs, 0);
    return (
      this.#runs.reduce((sum, { config }, i) => sum + (done[i] as number) * config.epochs, 0) /
      epochs
    );
  }

  /** About how many seconds are left; undefined as long as nothing tells. */
  get secondsLeft(): number | undefined {
    const known = new Map([...this.#epochSeconds].map(([key, all]) => [key, [...all]]));
    for (const [run, { startedAt, from = 0, share }] of this.#underWay) {
      if (share - from < TELLING_SHARE) continue;
      const key = costKeyOf(run.config);
      const seconds = (this.#now() - startedAt) / 1000 / ((share - from) * run.config.epochs);
      known.set(key, [...(known.get(key) ?? []), seconds]);
    }
    const all = [...known.values()].flat();
    if (all.length === 0) return undefined;
    const mean = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
    const left = this.#runs.filter((run) => !this.#ended.has(run));
    const seconds = left.map((run) => {
      const epochs = (1 - (this.#underWay.get(run)?.share ?? 0)) * run.config.epochs;
      return epochs * mean(known.get(costKeyOf(run.config)) ?? all);
    });
    const total = seconds.reduce((sum, one) => sum + one, 0);
    // The longest of them cannot be shared out.
    return Math.max(total / Math.max(1, Math.min(this.#jobs, left.length)), ...seconds, 0);
  }
}
