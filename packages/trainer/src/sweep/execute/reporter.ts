import type { EpochRecord } from "@bioflax/runs";
import type { SweepRun } from "../plan/plan-sweep";

/**
 * What may come of a run, in the order it is counted in. One that is `pruned` was ended for not being promising, and is
 * saved.
 */
export const resultKinds = ["done", "diverged", "pruned", "failed", "interrupted"] as const;

/** What came of a run in this execution of a sweep. */
export interface RunResult {
  readonly kind: (typeof resultKinds)[number];
  /** Whether it had ended before, and nothing was done now. */
  readonly earlier?: true;
  /** Why it failed or diverged. */
  readonly error?: string;
  /** Seconds it took now. */
  readonly seconds?: number;
  /** The most memory its process had. */
  readonly peakBytes?: number;
}

/** Someone who is told how a sweep goes. */
export interface SweepReporter {
  /** @param sweep its runs, how many go on at a time, and how many there will be; as many as there are when left out. */
  started?(sweep: {
    readonly runs: readonly SweepRun[];
    readonly jobs: number;
    readonly expected?: number;
  }): void;
  /** A run is given to a process. @param together how many it trains with as one, itself counted; 1 when left out. */
  runStarted?(run: SweepRun, together?: number): void;
  /** @param share how much of it is done, from 0 to 1. */
  runProgress?(run: SweepRun, share: number): void;
  epochFinished?(run: SweepRun, record: EpochRecord): void;
  runEnded?(run: SweepRun, result: RunResult): void;
  /** Something one may want to know. */
  notice?(text: string): void;
  /** Something that went wrong; the sweep goes on. */
  warning?(text: string): void;
}
