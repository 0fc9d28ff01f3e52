import { costKeyOf } from "../plan/cost-key";
import type { SweepRun } from "../plan/plan-sweep";
import { type RunResult, resultKinds } from "./reporter";

/** A run below this share says too little of how long it takes. */
const TELLING_SHARE = 0.05;

interface UnderWay {
  readonly startedAt: number;
  /** How many runs its process trains at once. */
  readonly together: number;
  /** How much was done when it was started; undefined until that is known. */
  from?: number;
  share: number;
}

/** How far a sweep is, and how long it takes still. */
export class SweepProgress {
  readonly #runs: SweepRun[];
  readonly #expected: number;
  readonly #jobs: number;
  readonly #now: () => number;
  readonly #underWay = new Map<SweepRun, UnderWay>();
  readonly #ended = new Map<SweepRun, RunResult>();
  /** Seconds an epoch took, by what it costs. */
  readonly #epochSeconds = new Map<string, number[]>();

  /**
   * @param expected how many runs there will be, where some are not known yet.
   * @param now the time in milliseconds.
   */
  constructor(
    runs: readonly SweepRun[],
    jobs: number,
    expected = runs.length,
    now = () => performance.now(),
  ) {
    this.#runs = [...runs];
    this.#expected = expected;
    this.#jobs = jobs;
    this.#now = now;
  }

  /** @param together how many runs its process trains at once: what they take is shared out among them. */
  started(run: SweepRun, together = 1): void {
    this.#know(run);
    this.#underWay.set(run, { startedAt: this.#now(), share: 0, together });
  }

  progress(run: SweepRun, share: number): void {
    const state = this.#underWay.get(run);
    if (state === undefined) return;
    state.from ??= share;
    state.share = share;
  }

  #know(run: SweepRun): void {
    if (!this.#runs.includes(run)) this.#runs.push(run);
  }

  ended(run: SweepRun, result: RunResult): void {
    this.#know(run);
    const state = this.#underWay.get(run);
    this.#underWay.delete(run);
    this.#ended.set(run, result);
    if (state === undefined || result.kind !== "done") return;
    const done = (1 - (state.from ?? 0)) * run.config.epochs;
    if (done > 0) this.#note(run, (this.#now() - state.startedAt) / 1000 / done / state.together);
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
      all: Math.max(this.#runs.length, this.#expected),
      ended: this.#ended.size,
      running: this.#underWay.size,
      ...(Object.fromEntries(resultKinds.map((kind) => [kind, of(kind)])) as Record<
        RunResult["kind"],
        number
      >),
    };
  }

  /** How many epochs there are of runs that are not known yet. */
  get #unknownEpochs(): number {
    const unknown = Math.max(0, this.#expected - this.#runs.length);
    const mean =
      this.#runs.reduce((sum, { config }) => sum + config.epochs, 0) / (this.#runs.length || 1);
    return unknown * mean;
  }

  /** How much of all epochs is done, from 0 to 1. */
  get share(): number {
    const shareOf = (run: SweepRun) =>
      this.#ended.has(run) ? 1 : (this.#underWay.get(run)?.share ?? 0);
    const sum = (of: (run: SweepRun) => number) =>
      this.#runs.reduce((total, run) => total + of(run) * run.config.epochs, 0);
    const all = sum(() => 1) + this.#unknownEpochs;
    return all === 0 ? 0 : sum(shareOf) / all;
  }

  /** About how many seconds are left; undefined as long as nothing tells. */
  get secondsLeft(): number | undefined {
    const known = new Map([...this.#epochSeconds].map(([key, all]) => [key, [...all]]));
    for (const [run, { startedAt, from = 0, share, together }] of this.#underWay) {
      if (share - from < TELLING_SHARE) continue;
      const key = costKeyOf(run.config);
      const seconds =
        (this.#now() - startedAt) / 1000 / ((share - from) * run.config.epochs) / together;
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
    const total = seconds.reduce((sum, one) => sum + one, 0) + this.#unknownEpochs * mean(all);
    const count = left.length + Math.max(0, this.#expected - this.#runs.length);
    // The longest of them cannot be shared out.
    return Math.max(total / Math.max(1, Math.min(this.#jobs, count)), ...seconds, 0);
  }
}
