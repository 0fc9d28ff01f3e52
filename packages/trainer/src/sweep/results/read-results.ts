import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import type { EpochRecord } from "@bioflax/runs";
import { readRun } from "@bioflax/runs/node";
import { type RunState, runStateOf } from "../execute/run-state";
import type { StoredSweep, SweepFacts } from "../folder/stored-sweep";
import { RUNS, readStoredSweep } from "../folder/sweep-folder";
import { runMetrics } from "./metrics";

/** A run of a sweep, and what came of it. */
export interface SweepRow {
  /** The name of its folder. */
  readonly name: string;
  /** Its folder. */
  readonly path: string;
  readonly status: RunState["status"] | "pruned" | "broken";
  /** Its values of what is swept. */
  readonly swept: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** How many epochs it has completed, and is to have. */
  readonly epochs: number;
  readonly plannedEpochs: number;
  readonly records: readonly EpochRecord[];
  /** Of its last epoch, and after `best.` of its best one. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Seconds it took, over all the times it was started; missing of one that has not ended. */
  readonly seconds?: number;
  /** How many runs trained as one in that time, this one counted; missing of one that trained by itself. */
  readonly replicas?: number;
  /** Why it failed or diverged. */
  readonly error?: string;
}

/** A sweep, and what came of its runs. */
export interface SweepResults extends SweepFacts {
  /** Its folder. */
  readonly path: string;
  readonly rows: readonly SweepRow[];
}

/**
 * Reads what came of a sweep's runs by now, from their folders; it may be going on.
 *
 * @param path the sweep's folder.
 * @throws BioflaxError when it is none. A run whose files are broken is told as such.
 * @example
 * const { rows } = await readSweepResults("sweeps/rates");
 * console.log(rows.filter(({ status }) => status === "done").length);
 */
export async function readSweepResults(path: string): Promise<SweepResults> {
  const stored = await readStoredSweep(path);
  const { name, swept, metric, goal } = stored;
  const rows: SweepRow[] = [];
  for (const run of stored.runs) rows.push(await readRow(path, stored, run));
  return { path, name, swept, metric, goal, rows };
}

async function readRow(
  sweep: string,
  { settings: common }: StoredSweep,
  { name, swept, settings: own, result }: StoredSweep["runs"][number],
): Promise<SweepRow> {
  const settings = { ...common, ...own };
  const path = join(sweep, RUNS, name);
  const plannedEpochs = Number(settings.epochs);
  const row = { name, path, swept, seed: Number(settings.seed), plannedEpochs };
  try {
    const state = await runStateOf(path, { ...settings, epochs: plannedEpochs });
    const records = state.status === "planned" ? [] : (await readRun(path)).records;
    const { summary } = state;
    const isPruned = state.status === "unfinished" && result?.kind === "pruned";
    const died = state.status === "unfinished" && result?.kind === "failed";
    const error = summary?.error ?? (died ? result.error : undefined);
    return {
      ...row,
      status: isPruned ? "pruned" : died ? "failed" : state.status,
      epochs: records.length,
      records,
      metrics: runMetrics(records.at(-1), summary?.best),
      ...(summary && { seconds: summary.timing.totalSeconds }),
      ...(summary?.replicas !== undefined && { replicas: summary.replicas }),
      ...(error !== undefined && { error }),
    };
  } catch (error) {
    if (!(error instanceof BioflaxError)) throw error;
    return { ...row, status: "broken", epochs: 0, records: [], metrics: {}, error: error.message };
  }
}

/** The metrics that any of the runs has. */
export const knownMetrics = ({ rows }: Pick<SweepResults, "rows">): ReadonlySet<string> =>
  new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)));
